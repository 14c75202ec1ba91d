/** What one look at the database says of its health. */
export type DatabaseHealth = {
  pendingMigrations: string[]
  /** Those that have run and that only a later version knows: after a rollback, which is no failure. */
  laterMigrations?: string[]
  /** It is a standby, or was made so: nothing can be stored. */
  isReadOnly?: true
  /** Its encoding, where that cannot hold every text: lessons could not be stored. */
  wrongEncoding?: string
  /** Undefined where its tables are not there, or not all of them. */
  inbox: InboxHealth | undefined
}

/** A database that refuses us: what is wrong, in words for an operator. */
export type DatabaseRefusal = { refusal: string }

export type InboxHealth = {
  waiting: number
  parked: number
  dead: number
  /** Those that died in the last hour, without jobs whose senders hear of a failure or have blocked the bot. */
  diedLastHour: number
  /** How long the job has waited that is due for longest, and that a process could run now; 0 where there is none. */
  oldestDueSeconds: number
  /** The oldest job that has failed and is tried again: the seconds since it arrived, and the code of its failure. */
  oldestDelay: { seconds: number; reason: string } | null
  /** What an operator has to fix before lessons go on, the most urgent first. */
  blockedStages: BlockedStage[]
}

export type BlockedStage = { stage: string; reason: string }

/** What Telegram and each stage's provider say when asked: `ok...`, `unknown...`, or what is wrong. */
export type NeighbourHealth = { telegram: string; openai: string }

/** The inbox is stalled when its oldest job has been due for this long, and delayed when one has failed for so long. */
export const STALLED_SECONDS = 600

/** The first part of a stage's variables. */
const VARIABLES: Readonly<Record<string, string>> = {
  transcribe: 'STT',
  reply: 'CHAT',
  speak: 'TTS',
}

/** What an operator has to do before a stage works again; the jobs then go on within five minutes. */
export function repairOf({ stage, reason }: BlockedStage): string {
  const name = VARIABLES[stage] ?? 'OPENAI'
  return reason === 'provider-quota-exhausted'
    ? `the provider of ${name} has no quota left: top its account up`
    : `the provider of ${name} refuses the key or the model: check ${name}_API_KEY (or OPENAI_API_KEY) and ${name}_MODEL`
}
