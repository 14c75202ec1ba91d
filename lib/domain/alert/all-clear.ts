import { type Alert, type AlertKind, type AlertState, wireName } from './alert.ts'

const OVER: Readonly<Record<AlertKind, string>> = {
  health: 'the health check is good again',
  errors: 'jobs succeed again',
  slow: 'answers are quick again',
  quota: 'the providers answer again',
  dead: 'no job has died for an hour',
  backlog: 'no job waits any more that is due',
  budget: 'the budget of the day has room again',
  model: 'no model in use is about to be shut down',
  webhook: 'Telegram delivers again',
}

/** The message that the trouble which was told last is over. */
export function allClearOf(
  { kind, level, since }: AlertState,
  now: Date,
  link: string | null,
): Alert {
  const startedAt = since ?? now
  const duration = durationInWords(now.getTime() - startedAt.getTime())
  const summary = `Over: ${OVER[kind]}. It lasted ${duration}.`
  return { kind: wireName(kind, level), summary, fix: '', since: startedAt.toISOString(), link }
}

/** A length of time as a person says it. */
function durationInWords(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000))
  if (minutes < 120) return `${minutes} min`
  const hours = Math.round(minutes / 60)
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`
}
