import { costMicroUsd, isPriced } from '../../lib/domain/lesson/prices.ts'
import { requestFor, type Setting } from './setting.ts'

/** Instructions in English with Czech and some Cyrillic in them, and a schema beside them (counted with o200k). */
const CHARACTERS_A_TOKEN = 3.6
const SCHEMA_TOKENS = 250
/** A reply, a correction and some explained mistakes. */
const OUTPUT_TOKENS = 350

/** What asking about these sentences will cost at most, if none of it is cached; null where the price is not known. */
export function estimateMicroUsd(
  model: string,
  setting: Setting,
  sentences: readonly string[],
): number | null {
  if (!isPriced(model)) return null
  return sentences.reduce((sum, sentence) => {
    const { system, said } = requestFor(setting, sentence)
    const characters = system.sharedPart.length + system.ownPart.length + said.length
    const inputTokens = Math.ceil(characters / CHARACTERS_A_TOKEN) + SCHEMA_TOKENS
    return sum + (costMicroUsd(model, { inputTokens, outputTokens: OUTPUT_TOKENS }) ?? 0)
  }, 0)
}
