/** Loaded before the product in a process of its own: without jitter nothing is waited for between attempts. */
Math.random = () => 0
