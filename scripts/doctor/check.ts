import {
  type Finding as AnyFinding,
  fail as failing,
  ok,
  warn,
} from '../../lib/app/check/finding.ts'
import type { Facts } from './facts.ts'

/** Every check, in the order of the report. */
export const CHECK_NAMES = [
  'node',
  'config',
  'database',
  'migrations',
  'telegram-token',
  'webhook-url',
  'webhook-secret',
  'webhook-backlog',
  'webhook-updates',
  'commands',
  'https',
  'health',
  'openai-key',
  'models',
  'vendor',
  'speech',
  'inbox',
  'cron',
  'redis',
  'budget',
  'clock',
  'polling',
] as const
export type CheckName = (typeof CHECK_NAMES)[number]

/** What a check has found. */
export type Finding = AnyFinding & {
  /** The checks that say why, where all of them find something, too: then this one says nothing of its own. */
  explainedBy?: readonly CheckName[]
}

export type Check = {
  /** Looks, and changes nothing. It costs nothing, except for `speech`. */
  look(facts: Facts): Promise<Finding>
  /** Without these there is nothing to look at: where one of them fails, a deadline that passes here is its doing. */
  needs?: readonly CheckName[]
}

export { ok, warn }

export function fail(description: string, fix: string, ...explainedBy: CheckName[]): Finding {
  return { ...failing(description, fix), ...(explainedBy.length > 0 && { explainedBy }) }
}

/** What another check has to find first. */
export function unseen(cause: CheckName): Finding {
  return fail(`cannot be looked at: see ${cause}`, `npm run doctor -- --only ${cause}`, cause)
}
