import { monitorEventLoopDelay } from 'node:perf_hooks'
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import { cpuMsOf, memoryMbOf } from '../process-usage.ts'
import type { Instance } from '../processes.ts'

/** What the instances, the database and the rig itself have used. */
export type Usage = {
  /** The largest instance's, in MB. */
  memoryMb: number
  /** Of all instances together. */
  cpuSeconds: number
  /** Of this process, in which the stand-ins are. */
  ownCpuSeconds: number
  /** How late this process was at worst: beyond it, waits are the rig's own. */
  ownDelayMs: number
  /** To the database, open at once; those of instances alone. */
  connections: number
  /** In the database, this process' few included. */
  transactions: number
}

const LOOK_EVERY_MS = 250

/** What instances are started with, so that their connections can be told from ours. */
export const NAMED = { PGAPPNAME: 'instance' }

/** Looks at what is used until it is stopped. */
export function watchUsage(
  db: Kysely<Tables>,
  instances: () => readonly Instance[],
): { stop(): Promise<Usage> } {
  const ownCpu = process.cpuUsage()
  const delays = monitorEventLoopDelay({ resolution: 10 })
  delays.enable()
  const usageByPid = new Map<number, { memoryMb: number; cpuMs: number }>()
  let connections = 0
  const before = sampleOf(db)

  async function look(): Promise<void> {
    for (const { pid } of instances()) {
      const usage = findUsageOf(pid)
      if (usage !== undefined) usageByPid.set(pid, usage)
    }
    connections = Math.max(connections, (await sampleOf(db)).connections)
  }
  // A look that fails under load only makes the sample coarser; the last one, in `stop`, throws.
  const timer = setInterval(() => void look().catch(() => {}), LOOK_EVERY_MS)

  return {
    async stop() {
      clearInterval(timer)
      await look()
      delays.disable()
      const { user, system } = process.cpuUsage(ownCpu)
      const usages = [...usageByPid.values()]
      return {
        memoryMb: Math.max(...usages.map(({ memoryMb }) => memoryMb)),
        cpuSeconds: usages.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / 1000,
        ownCpuSeconds: (user + system) / 1_000_000,
        ownDelayMs: delays.max / 1_000_000,
        connections,
        transactions: (await sampleOf(db)).transactions - (await before).transactions,
      }
    },
  }
}

function findUsageOf(pid: number) {
  try {
    const memoryMb = memoryMbOf(pid).highest
    // One that has just ended is still there, without memory.
    return Number.isNaN(memoryMb) ? undefined : { memoryMb, cpuMs: cpuMsOf(pid) }
  } catch {
    // It is gone: what it had used when last looked at stands.
    return undefined
  }
}

async function sampleOf(
  db: Kysely<Tables>,
): Promise<{ connections: number; transactions: number }> {
  const { rows } = await sql<{ connections: number; transactions: number }>`
    select (select count(*) from pg_stat_activity
        where datname = current_database() and application_name = ${NAMED.PGAPPNAME}) as connections,
      (select xact_commit from pg_stat_database where datname = current_database())
        as transactions`.execute(db)
  return rows[0] ?? { connections: 0, transactions: 0 }
}
