/** The kinds of trouble that an operator is told of. */
export const ALERT_KINDS = [
  'health',
  'errors',
  'slow',
  'quota',
  'dead',
  'backlog',
  'budget',
  'model',
  'webhook',
] as const
export type AlertKind = (typeof ALERT_KINDS)[number]

/**
 * What is the matter: `summary` is a sentence, `fix` a command; what else to do stands behind a `#`. `level` orders the
 * degrees of a kind, the worst highest; it is 0 for kinds that have no degrees.
 */
export type Trouble = { level: number; summary: string; fix: string }

/** What a look has found of a kind; null where all is well. */
export type AlertFinding = { kind: AlertKind; trouble: Trouble | null }

/** What was told of a kind so far. */
export type AlertState = {
  kind: AlertKind
  /** The level of the alert that was told last. */
  level: number
  /** When the trouble began; null while there is none. */
  since: Date | null
  sentAt: Date | null
  /** The alert was told, and no all-clear since. */
  isTold: boolean
}

/** An alert as it is delivered; `kind` has the degree behind it where there is one, as `budget-80`. */
export type Alert = {
  kind: string
  summary: string
  /** Empty in an all-clear. */
  fix: string
  /** ISO 8601, UTC. */
  since: string
  /** Where to look; null where our own address is not known. */
  link: string | null
}

/** How often an alert of a kind is told at most. */
export const ALERT_EVERY_MS = 3_600_000

/** Kinds told again every hour while they last: lessons fail or wait. The others leave days to act, or end with the day. */
const REPEATED: readonly AlertKind[] = [
  'health',
  'errors',
  'slow',
  'quota',
  'dead',
  'backlog',
  'webhook',
]

/** The new state of a kind, and the message to send; null where there is nothing to tell. */
export type AlertStep = { state: AlertState; message: 'alert' | 'over' | null }

/**
 * Decides what an operator is told: of trouble at most once an hour, of trouble that has got worse at once, and, if the
 * alert was told, once that it is over. The limit of an hour holds for trouble that comes and goes, too.
 */
export function nextStep(oldState: AlertState, trouble: Trouble | null, now: Date): AlertStep {
  if (trouble === null) {
    const state = { ...oldState, since: null, isTold: false }
    return { state, message: oldState.isTold ? 'over' : null }
  }
  const since = oldState.since ?? now
  const isWorse = oldState.sentAt !== null && trouble.level > oldState.level
  const hasHourPassed =
    oldState.sentAt === null || now.getTime() - oldState.sentAt.getTime() >= ALERT_EVERY_MS
  const isRepeated = !oldState.isTold || REPEATED.includes(oldState.kind)
  if (!isWorse && !(hasHourPassed && isRepeated)) {
    return { state: { ...oldState, since }, message: null }
  }
  const state = { ...oldState, level: trouble.level, since, sentAt: now, isTold: true }
  return { state, message: 'alert' }
}

/** The alert of a trouble that began at `since`. */
export function alertOf(
  kind: AlertKind,
  { level, summary, fix }: Trouble,
  since: Date,
  link: string | null,
): Alert {
  return { kind: wireName(kind, level), summary, fix, since: since.toISOString(), link }
}

/** The kind as receivers of alerts read it, with its degree where it has some. */
export function wireName(kind: AlertKind, level: number): string {
  return level === 0 ? kind : `${kind}-${nameOfLevel(kind, level)}`
}

/** The degree as receivers read it. The level of a model counts up to 100 as its days run out, so its name has the days. */
function nameOfLevel(kind: AlertKind, level: number): number {
  return kind === 'model' ? 100 - level : level
}
