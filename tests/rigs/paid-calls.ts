import type { Kysely } from 'kysely'
import type { Tables } from '../../db/tables.ts'
import { sentencesOf } from '../../lib/domain/lesson/sentences.ts'
import { answerTo } from '../../scripts/studio/openai/answers.ts'
import type { RecordedRequest, Stage } from '../../scripts/studio/openai/stand-in.ts'

/** How often each paid stage was asked for. */
export type PaidCalls = Record<Stage, number>

/**
 * How often each stage was asked for in one lesson. Speech is asked for sentence by sentence: it counts as often
 * as the sentence that was asked for most.
 */
export function countPaidCalls(requests: readonly RecordedRequest[]): PaidCalls {
  const of = (stage: Stage) => requests.filter((request) => request.stage === stage)
  const sentences = Map.groupBy(of('speak'), ({ fields }) => fields.input)
  const times = [...sentences.values()].map(({ length }) => length)
  return {
    transcribe: of('transcribe').length,
    reply: of('reply').length,
    speak: Math.max(0, ...times),
  }
}

/** The requests of each stage that were not refused: each of them is a row of the ledger. */
export function countPaidRequests(requests: readonly RecordedRequest[]): PaidCalls {
  const of = (stage: Stage) =>
    requests.filter((request) => request.stage === stage && request.isPaid).length
  return { transcribe: of('transcribe'), reply: of('reply'), speak: of('speak') }
}

/** The rows of the ledger of each stage, of some jobs or of all. */
export async function countCharges(
  db: Kysely<Tables>,
  jobIds?: readonly number[],
  { onlyEstimates = false } = {},
): Promise<PaidCalls> {
  const rows = await db
    .selectFrom('usage')
    .select(({ fn }) => ['stage', fn.countAll<number>().as('count')])
    .$if(jobIds !== undefined, (query) => query.where('job_id', 'in', [...(jobIds ?? [])]))
    .$if(onlyEstimates, (query) => query.where('is_estimate', '=', true))
    .groupBy('stage')
    .execute()
  const of = (stage: Stage) => Number(rows.find((row) => row.stage === stage)?.count ?? 0)
  return { transcribe: of('transcribe'), reply: of('reply'), speak: of('speak') }
}

/** What the stand-in's reply to a learner is spoken as. */
export function replySentencesTo(text: string): string[] {
  return sentencesOf(answerTo(text, '').reply).map((sentence) => sentence.trim())
}
