/** What one provider call used; cost in millionths of a US dollar, 0 where the price is not known. */
export type Usage = {
  stage: 'transcribe' | 'reply' | 'speak'
  model: string
  inputTokens?: number
  cachedTokens?: number
  outputTokens?: number
  audioSeconds?: number
  costMicroUsd: number
}
