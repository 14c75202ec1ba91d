import { expect } from 'vitest'
import { countCharges, type PaidCalls } from '../rigs/paid-calls.ts'
import { type Ledger, NOTHING, type Person, RECORDED, type WholeBot } from '../support/whole-bot.ts'
import { LEARNERS_TEXT } from './fault-acts.ts'
import type { Expectation, FaultRow } from './fault-row.ts'
import type { Play } from './fault-scene.ts'
import { pressesOf, sightsOf } from './sights.ts'

/** The outcome of a row: messages, job, gain, requests and log, to be compared with its expectation. */
export async function outcomeOf(
  bot: WholeBot,
  row: FaultRow,
  { person, since, waits }: Play,
  lines: readonly string[],
) {
  const job = await bot.db
    .selectFrom('inbox')
    .select(['id', 'state', 'last_error', 'attempts', 'duplicates_possible'])
    .where('lane', 'in', [`chat:${person.chat.id}`, `tap:${person.id}`])
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
  const calls = bot.telegram.calls.slice(since.calls)
  const requests = bot.openai.requests.slice(since.requests)
  const countOf = (stage: string) => requests.filter((request) => request.stage === stage).length
  return {
    sights: sightsOf(person),
    pressAnswers: pressesOf(bot, person),
    // One that is done for good has no error.
    job: job.state === 'done' && job.last_error !== null ? 'left' : job.state,
    attempts: job.attempts,
    duplicates: job.duplicates_possible,
    gain: gainOf(await person.ledger(), row),
    requests: {
      transcribe: countOf('transcribe'),
      reply: countOf('reply'),
      speak: countOf('speak'),
    },
    charged: await countCharges(bot.db, [job.id]),
    calls: mapValues(row.expectation.calls, (_, method) => {
      return calls.filter((call) => call.method === method).length
    }),
    waits: waits.filter((ms) => ms > 0).map((ms) => Math.ceil(ms / 1_000)),
    logCounts: troubleIn(lines),
    ...(row.expectation.reply !== undefined && { reply: await replyTo(bot, person) }),
  }
}

/** A row's expectation, with its ranges as matchers: each request that was paid for is charged, and no other. */
export function expectationOf({ requests, ...expectation }: Expectation, paidRequests: PaidCalls) {
  return {
    ...expectation,
    charged: paidRequests,
    requests: mapValues(requests, (count) => {
      if (typeof count === 'number') return count
      const [min, max] = count
      return expect.toSatisfy((n: number) => n >= min && n <= max, `${min} to ${max}`)
    }),
  }
}

async function replyTo({ db }: WholeBot, { id }: Person): Promise<string> {
  const learner = db.selectFrom('learner').select('id').where('telegram_id', '=', id)
  const lesson = db.selectFrom('lesson').select('reply').where('learner_id', '=', learner)
  return (await lesson.executeTakeFirstOrThrow()).reply
}

function gainOf(ledger: Ledger, { does }: FaultRow): Expectation['gain'] | Ledger {
  const isText = does === 'sends a text'
  const lesson: Ledger = {
    lessons: [isText ? LEARNERS_TEXT : RECORDED.shop.text],
    stars: 2,
    places: [isText ? 'text 1' : 'voice 1'],
  }
  const ledgers: [Expectation['gain'], Ledger][] = [
    ['a lesson', lesson],
    ['nothing', NOTHING],
    ['nothing, but it was listened to', { ...NOTHING, places: ['unheard 1'] }],
  ]
  const json = JSON.stringify(ledger)
  return ledgers.find(([, candidate]) => JSON.stringify(candidate) === json)?.[0] ?? ledger
}

/** How many warnings and errors of each event were logged. */
function troubleIn(lines: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { level, event } of lines.map((line) => JSON.parse(line))) {
    if (level === 'warn' || level === 'error') counts[event] = (counts[event] ?? 0) + 1
  }
  return counts
}

function mapValues<Value, Result>(
  values: Readonly<Record<string, Value>>,
  make: (value: Value, name: string) => Result,
): Record<string, Result> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, make(value, name)]),
  )
}
