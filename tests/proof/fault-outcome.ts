import { expect } from 'vitest'
import { type Ledger, NOTHING, type Person, RECORDED, type WholeBot } from '../support/whole-bot.ts'
import { WRITTEN } from './fault-acts.ts'
import type { Expected, FaultRow } from './fault-row.ts'
import type { Played } from './fault-scene.ts'
import { pressesOf, sightsOf } from './sights.ts'

/** All that a row says is to be seen, stored, asked for and logged, as it has come. */
export async function outcomeOf(
  bot: WholeBot,
  row: FaultRow,
  { person, since, waits }: Played,
  lines: readonly string[],
) {
  const job = await bot.db
    .selectFrom('inbox')
    .select(['state', 'attempts', 'duplicates_possible'])
    .where('lane', 'in', [`chat:${person.me.chat.id}`, `tap:${person.id}`])
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
  const called = bot.telegram.calls.slice(since.calls)
  const asked = bot.openai.requests.slice(since.requests)
  const countOf = (stage: string) => asked.filter((request) => request.stage === stage).length
  return {
    seen: sightsOf(person),
    pressed: pressesOf(bot, person),
    job: job.state,
    attempts: job.attempts,
    duplicates: job.duplicates_possible,
    given: givenBy(await person.ledger(), row),
    asked: {
      transcribe: countOf('transcribe'),
      reply: countOf('reply'),
      speak: countOf('speak'),
    },
    calls: mapValues(row.expected.calls, (_, method) => {
      return called.filter((call) => call.method === method).length
    }),
    waits: waits.filter((ms) => ms > 0).map((ms) => Math.ceil(ms / 1_000)),
    logged: troubleIn(lines),
    ...(row.expected.reply !== undefined && { reply: await replyTo(bot, person) }),
  }
}

/** A row's expectation, its ranges made tests. */
export function asTold({ asked, ...expected }: Expected) {
  return {
    ...expected,
    asked: mapValues(asked, (count) => {
      if (typeof count === 'number') return count
      const [least, most] = count
      return expect.toSatisfy((n: number) => n >= least && n <= most, `${least} to ${most}`)
    }),
  }
}

async function replyTo({ db }: WholeBot, { id }: Person): Promise<string> {
  const learner = db.selectFrom('learner').select('id').where('telegram_id', '=', id)
  const lesson = db.selectFrom('lesson').select('reply').where('learner_id', '=', learner)
  return (await lesson.executeTakeFirstOrThrow()).reply
}

function givenBy(ledger: Ledger, { does }: FaultRow): Expected['given'] | Ledger {
  const isText = does === 'sends a text'
  const lesson: Ledger = {
    lessons: [isText ? WRITTEN : RECORDED.shop.text],
    stars: 2,
    places: [isText ? 'text 1' : 'voice 1'],
  }
  const known: [Expected['given'], Ledger][] = [
    ['a lesson', lesson],
    ['nothing', NOTHING],
    ['nothing, but it was listened to', { ...NOTHING, places: ['unheard 1'] }],
  ]
  const told = JSON.stringify(ledger)
  return known.find(([, each]) => JSON.stringify(each) === told)?.[0] ?? ledger
}

/** How many warnings and errors of each event were logged. */
function troubleIn(lines: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { level, event } of lines.map((line) => JSON.parse(line))) {
    if (level === 'warn' || level === 'error') counts[event] = (counts[event] ?? 0) + 1
  }
  return counts
}

function mapValues<Value, Made>(
  values: Readonly<Record<string, Value>>,
  make: (value: Value, name: string) => Made,
): Record<string, Made> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, make(value, name)]),
  )
}
