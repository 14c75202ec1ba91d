import type { Evidence } from './evidence.ts'

/** What must be true when a run is over; a violation names the chat, job or request, and what is wrong. */
export type Fact = { fact: string; violations(evidence: Evidence): string[] }
