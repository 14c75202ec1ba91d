import type { Plan } from '../../../lib/app/lesson/quota.ts'

/** The settings that a run's instances start with. */
export type Settings = {
  plan: Plan
  instances: number
  /** Variables besides those of the world, for its instances on PostgreSQL. */
  env?: Readonly<Record<string, string>>
  /** Another key of the lesson API than the world's. */
  apiKey?: string
}
