/** What one look at the database says of its health. */
export type DatabaseHealth = {
  pendingMigrations: string[]
  /** It is a standby, or was made so: nothing can be stored. */
  isReadOnly?: true
  /** Its encoding, where that cannot hold every text: lessons could not be stored. */
  wrongEncoding?: string
  waiting: number
  parked: number
  dead: number
  /** How long the job that is due for longest has waited; 0 where none is. */
  oldestDueSeconds: number
}

/** What Telegram and OpenAI say when asked: `ok...`, or what is wrong. */
export type NeighbourHealth = { telegram: string; openai: string }
