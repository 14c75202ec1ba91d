import { type Amounts, costMicroUsd, type Prices } from '../domain/lesson/prices.ts'
import type { Measures } from './measures.ts'

export type Stage = 'transcribe' | 'reply' | 'speak'

/** What one paid call has used. */
export type Usage = Amounts & {
  stage: Stage
  /** The host that was called. */
  vendor: string
  model: string
  /** In millionths of a US dollar; null where the model's price is not known. */
  costMicroUsd: number | null
  /** The vendor has not said what the call used, or its price is not known. */
  isEstimate: boolean
}

/** The usage at the operator's own price of its model, where there is one. */
export function pricedBy(prices: Prices, usage: Usage): Usage {
  if (Object.keys(prices).length === 0) return usage
  return { ...usage, costMicroUsd: costMicroUsd(usage.model, usage, prices) }
}

/** Takes what a paid call has used, once per call, as soon as it has ended, however it ended. */
export type Charge = (usage: Usage) => void

/** What a port that calls a provider needs for it: when to stop, and where to charge each call. */
export type PaidWork = {
  signal: AbortSignal
  charge: Charge
  /** The run whose call it is; undefined for an operator's own. */
  run: PaidRun | undefined
  /** Where calls that fail are counted; of an operator's own calls nowhere. */
  measures?: Pick<Measures, 'count'> | undefined
}

/** What a paid call needs of its run. */
export type PaidRun = {
  /** Throws where the process has slept through its lease and lost the job. */
  confirm(): Promise<void>
  /** Keeps the run from ending before a call has ended and is charged. */
  whileUnderWay<T>(call: Promise<T>): Promise<T>
}

/** The paid work of a run, charged by `charge`. */
export function paidWork(
  run: PaidRun & Pick<PaidWork, 'signal' | 'measures'>,
  charge: Charge,
): PaidWork {
  return { signal: run.signal, charge, measures: run.measures, run }
}

/** The steps of jobs that pay, by name. Speech is named by all that decides how it sounds. */
export type PaidStep =
  | 'transcribe'
  | 'reply'
  | `speak:${string}`
  | 'translate'
  | 'ready-answers'
  | 'remember'

/** What a call is charged to: a step, all sentences of a reply together, or an operator's trial. */
export type ChargedStep = PaidStep | 'speak' | 'doctor'

/** A row of the ledger; `callId` is a UUID that no other call has. */
export type LedgerEntry = Usage & { step: ChargedStep; callId: string }

/** What a job has been charged so far, over all its runs. */
export type Account = {
  /** Calls without a known price count nothing here. */
  costMicroUsd: number
  inputTokens: number
  cachedTokens: number
  outputTokens: number
}
