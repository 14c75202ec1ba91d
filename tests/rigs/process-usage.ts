import { readFileSync } from 'node:fs'

/** Of a clock tick, in which Linux counts the time of processes: 100 a second on all that run this. */
const MS_PER_TICK = 10

/** How long a process has had a processor, in milliseconds; Linux only. */
export function cpuMsOf(pid: number): number {
  // Its name, in brackets, may hold spaces: the fields are counted behind it.
  const [, behindName = ''] = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')
  const fields = behindName.split(' ')
  const [user, system] = [Number(fields[11]), Number(fields[12])]
  return (user + system) * MS_PER_TICK
}

/** The memory of a process that is in RAM, in MB: now and at its highest; Linux only. */
export function memoryMbOf(pid: number): { now: number; highest: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1')
  const mb = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024
  return { now: mb('VmRSS'), highest: mb('VmHWM') }
}
