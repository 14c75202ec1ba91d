import { existsSync, readFileSync, writeFileSync } from 'node:fs'

/** The resident memory of another process, in megabytes; 0 where the system does not report it. */
export type MemoryWatch = {
  /** Begins anew. */
  restart(): void
  /** By how many megabytes it was higher at its highest than at the last beginning. */
  peakMegabytes(): number
  /** By how many megabytes it is higher now than at the very first. */
  keptMegabytes(): number
}

/** Watches the memory of a process; only Linux reports it in files. */
export function watchMemory(pid: number): MemoryWatch {
  const folder = `/proc/${pid}`
  if (!existsSync(`${folder}/clear_refs`)) {
    return { restart() {}, peakMegabytes: () => 0, keptMegabytes: () => 0 }
  }
  const first = megabytes(folder, 'VmRSS')
  let base = first
  return {
    restart() {
      // 5 resets the highest size so far: proc_pid_clear_refs(5).
      writeFileSync(`${folder}/clear_refs`, '5')
      base = megabytes(folder, 'VmRSS')
    },
    peakMegabytes: () => megabytes(folder, 'VmHWM') - base,
    keptMegabytes: () => megabytes(folder, 'VmRSS') - first,
  }
}

function megabytes(folder: string, field: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`${folder}/status`, 'utf8')
  const kilobytes = new RegExp(`^${field}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1]
  if (kilobytes === undefined) throw new Error(`${folder} tells nothing of its ${field}.`)
  return Number(kilobytes) / 1024
}
