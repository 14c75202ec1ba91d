/** Tells the functions' process that its database cannot be reached for a while. */
export type DatabaseAwayMessage = { kind: 'studio-database-away'; ms: number }

export function isDatabaseAwayMessage(message: unknown): message is DatabaseAwayMessage {
  return (
    typeof message === 'object' &&
    message !== null &&
    'kind' in message &&
    message.kind === 'studio-database-away'
  )
}
