import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { violatedInvariants } from '../rigs/invariants.ts'
import { passTime } from '../support/jobs.ts'
import {
  NOTHING,
  type Person,
  RECORDED,
  sendRecorded,
  startWholeBot,
  type WholeBot,
} from '../support/whole-bot.ts'
import { OUTAGES, type Standing } from './exhausted-quota-table.ts'
import { outlast } from './fault-scene.ts'
import { LANGUAGE, sightsOf } from './sights.ts'

let bot: WholeBot
beforeAll(async () => {
  bot = await startWholeBot({ TTS_MODEL: 'gpt-4o-mini-tts' }, { waitsPass: true })
})
afterAll(() => bot.stop())
beforeEach(() => bot.openai.recover())

const PROBED_EVERY_MINUTES = 5
/** Of an outage of a day, sweep by sweep, on a busy machine. */
const LONG_MS = 240_000

test.each(OUTAGES.map((row) => [row.title, row] as const))(
  'OpenAI waits for an operator (%s): jobs wait in order, one asks every 5 minutes, and all are done after the repair',
  async (_, { stage, fault, minutes, askedMinutes, atFirst, atLast }) => {
    const [olena, ivan] = [await bot.learner(LANGUAGE), await bot.learner(LANGUAGE)]
    const refusalsSince = (requestCount: number) =>
      bot.openai.requests.slice(requestCount).filter((request) => request.fault === fault.kind)
    const since = bot.openai.requests.length
    bot.openai.failAll(stage, fault)
    sendRecorded(olena, 'shop')
    await bot.settled()
    sendRecorded(olena, 'prague')
    sendRecorded(ivan, 'food')
    await bot.settled()
    expect(await standings({ olena, ivan })).toEqual(atFirst)
    expect(await breakers()).toBe(1)
    expect(refusalsSince(since)).toHaveLength(1)
    expect(bot.openai.requests.slice(since)).toHaveLength(stage === 'reply' ? 2 : 1)

    for (let elapsedMinutes = 0; elapsedMinutes < minutes; elapsedMinutes += PROBED_EVERY_MINUTES) {
      await passTime(bot.db, PROBED_EVERY_MINUTES * 60_000)
      await bot.deps.sweep()
      await bot.settled()
    }
    // The first one, and one at each sweep.
    expect(refusalsSince(since)).toHaveLength(1 + askedMinutes / PROBED_EVERY_MINUTES)
    expect(bot.openai.requests.slice(since).filter((request) => request.stage === 'speak')).toEqual(
      [],
    )

    bot.openai.recover()
    await outlast(bot)
    expect(await standings({ olena, ivan })).toEqual(atLast)
    const hasLesson = atLast.ivan.sights.includes('voice')
    expect((await olena.ledger()).lessons).toEqual(
      hasLesson ? [RECORDED.shop.text, RECORDED.prague.text] : [],
    )
    if (!hasLesson) expect(await olena.ledger()).toEqual(NOTHING)

    // The next message after the outage is answered at once.
    await passTime(bot.db, PROBED_EVERY_MINUTES * 60_000)
    sendRecorded(ivan, 'shop')
    await bot.settled()
    expect(sightsOf(ivan).slice(-2)).toEqual(['verdict.score', 'voice'])
    expect(await breakers()).toBe(0)
    expect(await violatedInvariants(bot.db)).toEqual([])
  },
  LONG_MS,
)

async function standings<Name extends string>(
  people: Record<Name, Person>,
): Promise<Record<string, Standing>> {
  const entries = Object.entries<Person>(people).map(async ([name, person]) => {
    return [name, { sights: sightsOf(person), jobs: await jobsOf(person) }] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}

async function jobsOf({ chat }: Person): Promise<string[]> {
  const rows = await bot.db
    .selectFrom('inbox')
    .select(['state', 'parked', 'attempts'])
    .where('lane', '=', `chat:${chat.id}`)
    .orderBy('id')
    .execute()
  return rows.map(({ state, parked: isParked, attempts }) => {
    return `${isParked ? 'parked' : state} after ${attempts}`
  })
}

async function breakers(): Promise<number> {
  return (await bot.db.selectFrom('breaker').selectAll().execute()).length
}
