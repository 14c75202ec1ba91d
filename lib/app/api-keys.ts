export type ApiKey = { id: number; name: string; telegramLearners: boolean }

export type ApiKeys = {
  /** The key that this secret belongs to, unless revoked. */
  authenticate(secret: string): Promise<ApiKey | undefined>
}
