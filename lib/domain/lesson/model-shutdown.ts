/** How long before a model is shut down its operator is warned, in days. */
export const SHUTDOWN_WARNING_DAYS = 45

/**
 * Which model takes over, as OpenAI's page of deprecations said in November 2026
 * (developers.openai.com/api/docs/deprecations).
 */
const SUCCESSORS: readonly [RegExp, string][] = [
  [/^(gpt-4o|gpt-4\.1)(-mini)?$/, 'gpt-6-luna'],
  [/^gpt-5(-mini|-nano)?$|^o3$/, 'gpt-6.1-terra'],
  [/^(tts-1|tts-1-hd|gpt-4o-mini-tts|gpt-audio.*|gpt-4o-audio.*)$/, 'gpt-realtime-2.1-mini'],
  [/^gpt-realtime(-mini)?$/, 'gpt-realtime-2.1-mini'],
  [/^(whisper-1|gpt-4o-(mini-)?transcribe(-diarize)?)$/, 'gpt-transcribe'],
]

/** The model that replaces another one; undefined where none is known. */
export function successorOf(model: string): string | undefined {
  const name = model.replace(/-\d{4}-\d{2}-\d{2}$/, '')
  return SUCCESSORS.find(([pattern]) => pattern.test(name))?.[1]
}

/** Whole days until a model is shut down, below 0 when it was; undefined for what is no date. */
export function daysUntil(shutdownDate: string, now: Date): number | undefined {
  const at = Date.parse(shutdownDate)
  return Number.isNaN(at) ? undefined : Math.floor((at - now.getTime()) / 86_400_000)
}
