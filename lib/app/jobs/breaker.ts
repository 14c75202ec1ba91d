/** Whether a provider has quota. Opened by a run that found it exhausted, closed by one that did not. */
export type Breaker = {
  open(): Promise<void>
  /** Closes it and sets the parked jobs free; the lanes to wake now, sweeps find the others. */
  close(): Promise<string[]>
}
