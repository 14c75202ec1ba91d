import { expect, test } from 'vitest'
import { createApiKey, pgApiKeys } from '../../../lib/adapters/postgres/api-keys.ts'
import { pgInbox } from '../../../lib/adapters/postgres/inbox.ts'
import { pgLearners } from '../../../lib/adapters/postgres/learners.ts'
import type { Choices, Learners } from '../../../lib/app/learner/learners.ts'
import { describeDatabases } from '../../support/databases.ts'
import { beginJob, takeOver } from '../../support/jobs.ts'

type ReadOnly = 'under' | 'findByTelegramId' | 'findSender' | 'findOfApiKey'
/** These methods are called before there is a job. */
type MadeAtRequest = 'forApiKey' | 'forLimitedApiKey'

describeDatabases('Learners', (database) => {
  const learners = () => pgLearners(database().db)
  let lastTelegramId = 5_000_000_000
  /** An id above 2^32, as newer ones of Telegram's are. */
  const newTelegramId = () => {
    lastTelegramId += 1
    return lastTelegramId
  }
  const newApiKeyId = async (name: string) => {
    const secret = await createApiKey(database().db, { name, telegramLearners: false })
    return (await pgApiKeys(database().db).authenticate(secret))?.id ?? 0
  }

  test('a stranger is no learner', async () => {
    expect(await learners().findByTelegramId(newTelegramId())).toBe(undefined)
    expect(await learners().choose(newTelegramId(), { level: 'advanced' })).toBe(undefined)
  })

  test('a learner is made once, however many find them at once, and keeps what they have chosen', async () => {
    const telegramId = newTelegramId()
    const foundLearners = await Promise.all(
      ['uk', 'ru'].map((code) => learners().findOrCreate(telegramId, code)),
    )
    expect(new Set(foundLearners.map(({ id }) => id)).size).toBe(1)
    await learners().chooseNativeLanguage(telegramId, 'pl')
    expect(await learners().findOrCreate(telegramId, 'en')).toMatchObject({ nativeLanguage: 'pl' })
  })

  test('choosing a language makes a learner with the default settings', async () => {
    const telegramId = newTelegramId()
    const learner = await learners().chooseNativeLanguage(telegramId, 'uk')
    expect(learner).toEqual({
      id: expect.any(Number),
      telegramId,
      nativeLanguage: 'uk',
      level: 'beginner',
      correctionsLevel: 'balanced',
      style: 'friendly',
      character: 'honzik',
      voiceSpeed: 'normal',
      timeZone: 'Europe/Prague',
      zoneChange: null,
      gender: 'unknown',
      answersToMistakes: 'show',
      interfaceLanguage: 'follow',
      remembers: true,
    })
    expect(await learners().findByTelegramId(telegramId)).toEqual(learner)
  })

  test('choosing a language again changes the language and nothing else', async () => {
    const telegramId = newTelegramId()
    const { id } = await learners().chooseNativeLanguage(telegramId, 'uk')
    await learners().choose(telegramId, { level: 'advanced' })
    expect(await learners().chooseNativeLanguage(telegramId, 'ru')).toMatchObject({
      id,
      nativeLanguage: 'ru',
      level: 'advanced',
    })
  })

  /** Every change of a learner: a new one is a row, or does not compile. */
  const CHANGES: {
    [change in Exclude<keyof Learners, ReadOnly | MadeAtRequest>]: (
      learners: Learners,
      learner: { id: number; telegramId: number },
    ) => Promise<unknown>
  } = {
    chooseNativeLanguage: (store, { telegramId }) => store.chooseNativeLanguage(telegramId, 'pl'),
    findOrCreate: (store) => store.findOrCreate(newTelegramId(), 'pl'),
    choose: (store, { telegramId }) => store.choose(telegramId, { level: 'native' }),
    changeCalendar: (store, { telegramId }) =>
      store.changeCalendar(telegramId, (calendar) => ({ ...calendar, timeZone: 'Asia/Almaty' })),
    change: (store, { id }) => store.change(id, { level: 'native' }),
  }

  test.each(Object.entries(CHANGES))(
    'a run that has lost its job changes nothing of a learner by %s',
    async (_, change) => {
      const telegramId = newTelegramId()
      const learner = await learners().chooseNativeLanguage(telegramId, 'uk')
      const inbox = pgInbox(database().db, { leaseSeconds: 20 })
      const lostJob = await beginJob(inbox)
      const job = await takeOver(database().db, inbox, lostJob)
      const countOf = async () =>
        (await database().db.selectFrom('learner').select('id').execute()).length
      const count = await countOf()
      await expect(
        change(learners().under(lostJob), { id: learner.id, telegramId }),
      ).rejects.toMatchObject({ code: 'lease-lost' })
      expect(await learners().findByTelegramId(telegramId)).toEqual(learner)
      expect(await countOf()).toBe(count)
      expect(await change(learners().under(job), { id: learner.id, telegramId })).not.toEqual(
        learner,
      )
    },
  )

  test('two taps at once make one learner', async () => {
    const telegramId = newTelegramId()
    const learnersMade = await Promise.all([
      learners().chooseNativeLanguage(telegramId, 'uk'),
      learners().chooseNativeLanguage(telegramId, 'uk'),
    ])
    expect(learnersMade[0].id).toBe(learnersMade[1].id)
  })

  test('an API key has learners of its own, by its own ids', async () => {
    const [apiKeyId, otherApiKeyId] = [await newApiKeyId('one'), await newApiKeyId('other')]
    const learner = await learners().forApiKey(apiKeyId, 'žák-1', {
      nativeLanguage: 'pl',
      level: 'native',
    })
    expect(learner).toMatchObject({ telegramId: null, nativeLanguage: 'pl', level: 'native' })
    expect(await learners().forApiKey(apiKeyId, 'žák-1', {})).toEqual(learner)
    const otherLearner = await learners().forApiKey(otherApiKeyId, 'žák-1', {})
    expect(otherLearner.id).not.toBe(learner.id)
    expect(otherLearner).toMatchObject({ nativeLanguage: 'en', level: 'beginner' })
    const sameLearners = await Promise.all(
      [1, 2, 3].map(() => learners().forApiKey(apiKeyId, 'žák-2', {})),
    )
    expect(new Set(sameLearners.map(({ id }) => id)).size).toBe(1)
  })

  test('a change keeps what is not given', async () => {
    const { id } = await learners().chooseNativeLanguage(newTelegramId(), 'uk')
    expect(await learners().change(id, { level: 'intermediate' })).toMatchObject({
      nativeLanguage: 'uk',
      level: 'intermediate',
    })
    expect(await learners().change(id, { nativeLanguage: 'ru' })).toMatchObject({
      nativeLanguage: 'ru',
      level: 'intermediate',
    })
    await expect(learners().change(-1, {})).rejects.toThrow('no such learner')
  })

  test('at the first steps speech is slow by default, above them it is not, and a speed of choice stays', async () => {
    const telegramId = newTelegramId()
    const { id } = await learners().chooseNativeLanguage(telegramId, 'uk')
    expect(await learners().choose(telegramId, { level: 'first_steps' })).toMatchObject({
      voiceSpeed: 'slow',
    })
    expect(await learners().choose(telegramId, { level: 'beginner' })).toMatchObject({
      voiceSpeed: 'normal',
    })
    expect(await learners().change(id, { level: 'first_steps' })).toMatchObject({
      voiceSpeed: 'slow',
    })
    expect(await learners().change(id, { nativeLanguage: 'ru' })).toMatchObject({
      voiceSpeed: 'slow',
    })
    await database()
      .db.updateTable('learner')
      .set({ voice_speed: 'very_slow' })
      .where('id', '=', id)
      .execute()
    expect(await learners().choose(telegramId, { level: 'advanced' })).toMatchObject({
      voiceSpeed: 'very_slow',
    })
    const apiKeyId = await newApiKeyId('slow')
    const learner = await learners().forApiKey(apiKeyId, 'a', { level: 'first_steps' })
    expect(learner).toMatchObject({ level: 'first_steps', voiceSpeed: 'slow' })
  })

  test('the gender that a learner tells is kept, and is unknown before', async () => {
    const telegramId = newTelegramId()
    const learner = await learners().chooseNativeLanguage(telegramId, 'uk')
    expect(learner).toMatchObject({ gender: 'unknown' })
    expect(await learners().choose(telegramId, { gender: 'feminine' })).toMatchObject({
      gender: 'feminine',
    })
    expect(await learners().choose(newTelegramId(), { gender: 'feminine' })).toBeUndefined()
  })

  test('each choice is stored alone, and a choice of nothing changes nothing', async () => {
    const telegramId = newTelegramId()
    const learner = await learners().chooseNativeLanguage(telegramId, 'uk')
    const choices: Choices = {
      nativeLanguage: 'ru',
      interfaceLanguage: 'cs',
      level: 'advanced',
      correctionsLevel: 'minimal',
      answersToMistakes: 'try_first',
      style: 'casual',
      character: 'novakova',
      voiceSpeed: 'native',
      gender: 'feminine',
    }
    let expectedLearner = learner
    for (const [field, value] of Object.entries(choices)) {
      expectedLearner = { ...expectedLearner, [field]: value }
      expect(await learners().choose(telegramId, { [field]: value })).toEqual(expectedLearner)
    }
    expect(await learners().choose(telegramId, {})).toEqual(expectedLearner)
    expect(await learners().choose(newTelegramId(), choices)).toBeUndefined()
  })

  test('a calendar is changed on what is stored, and again where that has changed in between', async () => {
    const telegramId = newTelegramId()
    await learners().chooseNativeLanguage(telegramId, 'uk')
    const zoneChange = {
      at: new Date('2026-11-23T10:00:00Z'),
      day: '2026-11-23',
      dayEndsAt: new Date('2026-11-23T23:00:00Z'),
      skippedDay: '2026-11-24',
    }
    const zones: string[] = []
    const store = learners()
    const moves = ['Asia/Almaty', 'Asia/Tokyo'].map((timeZone) =>
      store.changeCalendar(telegramId, (calendar) => {
        zones.push(calendar.timeZone)
        return { timeZone, zoneChange }
      }),
    )
    const [firstAnswer, secondAnswer] = await Promise.all(moves)
    expect([firstAnswer, secondAnswer]).toMatchObject([
      { timeZone: 'Asia/Almaty' },
      { timeZone: 'Asia/Tokyo' },
    ])
    expect(zones).toContain('Europe/Prague')
    const storedLearner = await learners().findByTelegramId(telegramId)
    expect(storedLearner).toMatchObject({ zoneChange })
    expect(await store.changeCalendar(telegramId, () => null)).toEqual(storedLearner)
    expect(await store.changeCalendar(newTelegramId(), () => null)).toBeUndefined()
  })

  test('a row with an unknown setting is reported, not guessed at', async () => {
    const telegramId = newTelegramId()
    await learners().chooseNativeLanguage(telegramId, 'uk')
    await database()
      .db.updateTable('learner')
      .set({ style: 'shouting' })
      .where('telegram_id', '=', telegramId)
      .execute()
    await expect(learners().findByTelegramId(telegramId)).rejects.toThrow('shouting')
  })
})
