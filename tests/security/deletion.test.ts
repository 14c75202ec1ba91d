import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { text } from '../../lib/bot/texts/texts.ts'
import type { Learner } from '../../scripts/studio/telegram/learner.ts'
import { violatedInvariants } from '../rigs/invariants.ts'
import { createMigratedPostgresDatabase } from '../rigs/postgres/postgres.ts'
import { describePostgres } from '../support/databases.ts'
import { eventually, RECORDED, startWholeBot, type WholeBot } from '../support/whole-bot.ts'
import { dumpOf } from './dump.ts'

/** What stands nowhere else in a database. */
const NAME = 'Oxanabella'
const SURNAME = 'Hrdlobrnková'
const SAID = 'Napsala jsem kaktusovník do sešit.'
const SPOKEN = 'Řekla jsem žirafokapr, prosím.'
const CALLED = 'Pampelišáková'
const POISON = 'jedovatyhrib'
const LOST = 'ztracenavarta'

let people = 0

type Store = {
  env: NodeJS.Dict<string>
  dump(bot: WholeBot): Promise<string>
  drop(): Promise<void>
}

/** What holds of deletion on a database. */
function onDatabase(start: () => Promise<Store>) {
  let bot: WholeBot
  let whole: () => Promise<string>
  let dropStore: () => Promise<void>
  const lines: string[] = []
  beforeAll(async () => {
    const { env, dump, drop } = await start()
    const print = (line: string) => void lines.push(line)
    const options = { print, isTerse: true, waitsPass: true }
    bot = await startWholeBot(
      { LOG_LEVEL: 'debug', DAILY_BUDGET_USD: '50', CACHE_MAX_MB: '200', ...env },
      options,
    )
    whole = () => dump(bot)
    dropStore = drop
    bot.openai.hears(RECORDED.shop.bytes, { text: SPOKEN, languages: ['cs'] })
  })
  afterAll(async () => {
    await bot.stop()
    await dropStore()
  })

  async function register(): Promise<Learner> {
    people += 1
    const user = { id: 7_351_990_000 + people, first_name: NAME, last_name: SURNAME }
    await bot.deps.learners.chooseNativeLanguage(user.id, 'en')
    return bot.telegram.learner({ ...user, language_code: 'en' })
  }

  /** A learner's messages from the bot, as texts. */
  function read({ chat }: Learner): string[] {
    const { messages } = bot.telegram.chat(chat.id)
    return messages.filter(({ author }) => author === 'bot').map((message) => message.text)
  }

  /** Asks for the deletion; the message whose button confirms it. */
  async function askToDelete(learner: Learner): Promise<number> {
    learner.says('/delete_me')
    let id = 0
    await eventually(() => {
      const question = bot.telegram
        .chat(learner.chat.id)
        .messages.findLast(({ buttons }) =>
          buttons.some(({ callback_data }) => callback_data === 'delete-me:yes'),
        )
      expect(question).toBeDefined()
      id = question?.id ?? 0
    })
    return id
  }

  async function deleteAll(learner: Learner): Promise<void> {
    learner.taps(await askToDelete(learner), 'delete-me:yes')
    await eventually(() => {
      expect(read(learner)).toContain(text('en', 'delete.done'))
    })
  }

  /** Words and numbers of a person that the whole database still has, also as the hexadecimal digits of a dump. */
  async function leftOf({ user }: Learner): Promise<string[]> {
    const dump = await whole()
    const parts = [
      String(user.id),
      NAME,
      SURNAME,
      'kaktusovník',
      'žirafokapr',
      CALLED,
      POISON,
      LOST,
    ]
    return parts.filter(
      (part) => dump.includes(part) || dump.includes(Buffer.from(part).toString('hex')),
    )
  }

  function cachedEntries() {
    return bot.db.selectFrom('cache').select('key').execute()
  }

  async function expectSound(): Promise<void> {
    await bot.settled()
    expect(await violatedInvariants(bot.db)).toEqual([])
  }

  test('a learner who has used every feature is nowhere in the database after /delete_me', async () => {
    const learner = await register()
    learner.says('/start')
    learner.says(SAID)
    learner.sendsVoice(RECORDED.shop.bytes, { duration: 4 })
    for (const said of [`Jmenuji se ${CALLED}.`, 'Jdu domů.', 'To je ono.']) learner.says(said)
    learner.sends({ photo: [{ file_id: 'p', file_unique_id: 'p' }], media_group_id: 'album' })
    learner.edits(1, SAID)
    for (const command of [
      '/help',
      '/privacy',
      '/export_me',
      '/settings',
      '/memory',
      '/reset',
      '/nonsense',
    ]) {
      learner.says(command)
    }
    await bot.settled()
    expect(await bot.db.selectFrom('fact').select('text').execute()).toEqual([
      { text: `is called ${CALLED}` },
    ])
    const { user: from, chat } = learner
    // The first message cannot be read, as it names no chat; on the second one a handler throws until its job is dead.
    bot.telegram.deliver(JSON.parse(JSON.stringify({ message: { from, text: POISON } })))
    const brokenMessage = { message_id: 88_000 + people, chat, from, text: [LOST] }
    bot.telegram.deliver(JSON.parse(JSON.stringify({ message: brokenMessage })))
    await bot.settled()
    // The cache is written after the lessons. What it has of them is there, and still is after the deletion.
    await eventually(async () => expect(await cachedEntries()).not.toEqual([]))
    expect(await leftOf(learner)).toEqual([
      String(from.id),
      NAME,
      SURNAME,
      'kaktusovník',
      'žirafokapr',
      CALLED,
      POISON,
      LOST,
    ])

    await deleteAll(learner)
    await bot.settled()
    expect(await leftOf(learner)).toEqual([])
    expect(await cachedEntries()).not.toEqual([])
    await expectSound()
    // The charges stay in the ledger, without a learner.
    const charges = await bot.db.selectFrom('usage').select('learner_id').execute()
    expect(charges.length).toBeGreaterThan(3)
    expect(charges.every(({ learner_id }) => learner_id === null)).toBe(true)
  })

  async function lanesOf({ chat }: Learner) {
    return bot.db
      .selectFrom('inbox')
      .select(['state', 'lease_until'])
      .where('lane', '=', `chat:${chat.id}`)
      .where('state', '=', 'waiting')
      .orderBy('id')
      .execute()
  }

  test('a learner who is deleted while a lesson runs and another message waits hears of neither again', async () => {
    const learner = await register()
    const questionId = await askToDelete(learner)
    await bot.settled()
    const letAnswer = bot.hold('reply')
    const countPaid = bot.countPaid()
    learner.says(SAID)
    await eventually(() => expect(countPaid().reply).toBe(1))
    learner.says('A ještě něco: kaktusovník!')
    await eventually(async () => expect(await lanesOf(learner)).toHaveLength(2))
    learner.taps(questionId, 'delete-me:yes')
    await eventually(() => expect(read(learner)).toContain(text('en', 'delete.done')))
    const linesBefore = read(learner)
    letAnswer()
    await bot.settled()
    expect(read(learner)).toEqual(linesBefore)
    expect(await leftOf(learner)).toEqual([])
    await expectSound()
  })

  test('a learner who writes after a deletion is a stranger', async () => {
    const learner = await register()
    learner.says(SAID)
    await bot.settled()
    await deleteAll(learner)
    learner.says('Ahoj, to jsem zase já.')
    await bot.settled()
    expect(read(learner).join()).toContain(text('en', 'native.choose'))
    const newLearner = await bot.deps.learners.findByTelegramId(learner.user.id)
    const lessons = await bot.db
      .selectFrom('lesson')
      .select('said')
      .where('learner_id', '=', newLearner?.id ?? 0)
      .execute()
    expect(lessons).toEqual([{ said: 'Ahoj, to jsem zase já.' }])
    await expectSound()
  })

  test('a delivery that Telegram repeats after a deletion brings nothing back', async () => {
    const learner = await register()
    const { message } = learner.says(SAID)
    await bot.settled()
    await deleteAll(learner)
    await bot.settled()
    const { key } = await bot.db
      .selectFrom('inbox')
      .select('key')
      .where('lane', 'like', 'deleted:%')
      .where('key', '~', sql<string>`'^[0-9]+$'`)
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
    const rowsBefore = await bot.db.selectFrom('inbox').select('id').execute()
    bot.telegram.deliver({ message, update_id: Number(key) })
    await bot.settled()
    expect(await bot.db.selectFrom('inbox').select('id').execute()).toEqual(rowsBefore)
    expect(await leftOf(learner)).toEqual([])
  })

  test('a learner who has blocked the bot is deleted all the same', async () => {
    const learner = await register()
    const questionId = await askToDelete(learner)
    await bot.settled()
    bot.telegram.block(learner.chat.id)
    learner.taps(questionId, 'delete-me:yes')
    await bot.settled()
    expect(await leftOf(learner)).toEqual([])
  })

  test('another learner’s rows are untouched by a deletion', async () => {
    const [otherLearner, learner] = [await register(), await register()]
    otherLearner.says('Jdu do školy.')
    learner.says(SAID)
    await bot.settled()
    const rowsOfOther = async () => {
      const { id } = (await bot.deps.learners.findByTelegramId(otherLearner.user.id)) ?? { id: 0 }
      const of = (table: 'lesson' | 'quota_use' | 'star_entry' | 'usage') =>
        bot.db.selectFrom(table).selectAll().where('learner_id', '=', id).execute()
      return [await of('lesson'), await of('quota_use'), await of('star_entry'), await of('usage')]
    }
    const rowsBefore = await rowsOfOther()
    await deleteAll(learner)
    await bot.settled()
    expect(await rowsOfOther()).toEqual(rowsBefore)
    await expectSound()
  })

  test('the log has neither a name nor words of one who is deleted', () => {
    const tellingLines = lines.filter((line) =>
      [NAME, 'kaktusovn', CALLED, POISON].some((part) => line.includes(part)),
    )
    expect(tellingLines).toEqual([])
  })
}

describe('on PGlite', () => {
  onDatabase(async () => ({ env: {}, dump: (bot) => dumpOf(bot.db), drop: async () => {} }))
})

describePostgres('on PostgreSQL', () => {
  onDatabase(async () => {
    const { url, drop } = await createMigratedPostgresDatabase()
    const run = promisify(execFile)
    return {
      env: { DATABASE_URL: url },
      drop,
      // Where the command is not installed the rows say the same.
      dump: (bot) =>
        run('pg_dump', ['--data-only', url], { maxBuffer: 1 << 28 }).then(
          ({ stdout }) => stdout,
          () => dumpOf(bot.db),
        ),
    }
  })
})
