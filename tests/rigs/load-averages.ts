import { loadavg } from 'node:os'

/** The machine's load of the last 1, 5 and 15 minutes: what else it had to do. */
export function loadAverages(): string {
  return loadavg()
    .map((load) => load.toFixed(1))
    .join(' ')
}
