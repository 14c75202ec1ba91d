import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RedisServer, startRedis } from '../../rigs/redis.ts'
import { describeRedis } from '../../support/redis.ts'
import {
  eventually,
  type Person,
  sendRecorded,
  startWholeBot,
  voiceNotes,
  type WholeBot,
} from '../../support/whole-bot.ts'

let bot: WholeBot
const lines: string[] = []

async function start(env: NodeJS.ProcessEnv): Promise<void> {
  const print = (line: string) => void lines.push(line)
  bot = await startWholeBot(
    { CACHE_MAX_MB: '200', LOG_LEVEL: 'info', ...env },
    { print, isTerse: true },
  )
}

/** A learner's first lesson, whose reply is the same for everyone; what it asked the provider for. */
async function firstLesson() {
  const person = await bot.learner('en')
  const countPaid = bot.countPaid()
  sendRecorded(person, 'shop')
  await bot.settled()
  return { person, paidCalls: countPaid() }
}

async function chargesOf({ id }: Person, stage: 'speak' | 'reply'): Promise<number> {
  const learner = bot.db.selectFrom('learner').select('id').where('telegram_id', '=', id)
  const rows = await bot.db
    .selectFrom('usage')
    .select('id')
    .where('learner_id', '=', learner)
    .where('stage', '=', stage)
    .execute()
  return rows.length
}

/** What the metrics have of look-ups, such as `cache_hits speech`. */
async function lookups(): Promise<string[]> {
  const rows = await bot.db.selectFrom('measurement').select('samples').execute()
  return rows
    .flatMap(({ samples }) => samples)
    .filter(({ name }) => name.startsWith('cache'))
    .map(({ name, labels }) => [name, ...Object.values(labels)].join(' '))
    .toSorted()
}

function warnings(): string[] {
  return lines
    .map((line) => JSON.parse(line))
    .filter(({ level }) => level === 'warn' || level >= 40)
    .map(({ event, msg }) => event ?? msg)
}

/** What holds of lessons, wherever the cache is. */
function lessonFacts(): void {
  test('a reply that another learner heard before is spoken at no cost', async () => {
    const firstTaught = await firstLesson()
    expect(firstTaught.paidCalls).toEqual({ transcribe: 1, reply: 1, speak: 1 })
    const secondTaught = await firstLesson()
    expect(secondTaught.paidCalls).toEqual({ transcribe: 1, reply: 1, speak: 0 })
    const [note, sameNote] = [firstTaught, secondTaught].map(
      ({ person }) => voiceNotes(person)[0]?.file,
    )
    expect(note?.bytes.length).toBeGreaterThan(5_000)
    expect(sameNote?.bytes).toHaveLength(note?.bytes.length ?? 0)
    expect([
      await chargesOf(firstTaught.person, 'speak'),
      await chargesOf(secondTaught.person, 'speak'),
    ]).toEqual([1, 0])
    expect(await chargesOf(secondTaught.person, 'reply')).toBe(1)
    expect(await lookups()).toEqual(['cache_hits speech', 'cache_misses speech'])
    expect(warnings()).toEqual([])
  })

  test('a translation of the same reply into the same language is paid for once', async () => {
    const [firstTaught, secondTaught] = [await firstLesson(), await firstLesson()]
    const countPaid = bot.countPaid()
    for (const { person } of [firstTaught, secondTaught]) {
      const [note] = voiceNotes(person)
      const data = note?.buttons.find(({ callback_data: name }) =>
        name?.startsWith('aside-translate:'),
      )
      person.taps(note?.id ?? 0, data?.callback_data ?? '')
      await bot.settled()
    }
    expect(countPaid()).toEqual({ transcribe: 0, reply: 1, speak: 0 })
    const captions = [firstTaught, secondTaught].map(({ person }) => voiceNotes(person)[0]?.text)
    expect(captions[1]).toBe(captions[0])
    expect(captions[0]).toContain('🌐')
  })
}

describe('A cache in PostgreSQL', () => {
  beforeAll(() => start({}))
  afterAll(() => bot.stop())
  lessonFacts()

  test('a lesson gets a voice note also where the cache’s table is gone', async () => {
    await bot.db.schema.dropTable('cache').execute()
    const { person } = await firstLesson()
    expect(voiceNotes(person)).toHaveLength(1)
  })
})

describeRedis('A cache in Redis', () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await startRedis()
    lines.length = 0
    await start({ REDIS_URL: redis.url })
  })
  afterAll(async () => {
    await bot.stop()
    await redis.kill()
  })
  lessonFacts()

  test('the learner notices nothing of a Redis that hangs', async () => {
    redis.freeze()
    const { person, paidCalls } = await firstLesson()
    redis.thaw()
    expect(paidCalls).toEqual({ transcribe: 1, reply: 1, speak: 1 })
    expect(voiceNotes(person)).toHaveLength(1)
    expect(await lookups()).toContain('cache_errors speech')
    expect(warnings()).toEqual(['cache_unavailable'])
  })

  test('the learner notices nothing of a Redis that is killed in the middle of the lesson', async () => {
    const person = await bot.learner('en')
    const countPaid = bot.countPaid()
    const answerReply = bot.hold('reply')
    sendRecorded(person, 'shop')
    await eventually(() => expect(countPaid().reply).toBe(1))
    await redis.kill()
    answerReply()
    await bot.settled()
    expect(countPaid()).toEqual({ transcribe: 1, reply: 1, speak: 1 })
    expect(voiceNotes(person)).toHaveLength(1)
    expect(await bot.jobsOf(person)).toMatchObject([{ state: 'done', attempts: 1 }])
    // The warning comes once a minute, and the first minute is not over.
    expect(warnings()).toEqual(['cache_unavailable'])
    expect(lines.join()).not.toContain(redis.url)
  })
})
