import { failed, type Outcome, type Terminal } from '../cli/command-line.ts'
import { estimateMicroUsd } from './estimate.ts'
import { dollars } from './numbers.ts'
import type { EvalOptions } from './options.ts'
import type { Question } from './questions.ts'

/** Above this a person is asked, in millionths of a US dollar. */
const ASKS_ABOVE_MICRO_USD = 1_000_000

/** Says what the open questions will cost; an Outcome where that is not agreed to. */
export async function agreeOnCost(
  { setting, isAgreed }: EvalOptions,
  { ask, complain }: Terminal,
  model: string,
  open: readonly Question[],
): Promise<Outcome | undefined> {
  const estimate = estimateMicroUsd(
    model,
    setting,
    open.map(({ sentence }) => sentence.input),
  )
  const price =
    estimate === null ? `the price of ${model} is not known` : `about ${dollars(estimate)} at most`
  complain(`${open.length} answers to ask for: ${open.length === 0 ? 'all are recorded' : price}`)
  if (isAgreed || estimate === null || estimate <= ASKS_ABOVE_MICRO_USD) return undefined
  const answer = await ask?.('Ask for them? [y/N] ')
  if (answer === undefined) return failed('That is more than $1: add --yes, or a --limit.')
  return /^y(es)?$/i.test(answer.trim()) ? undefined : failed('Nothing was asked for.')
}
