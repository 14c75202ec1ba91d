import { expect, test } from 'vitest'
import { createApiKey, pgApiKeys } from '../../../lib/adapters/postgres/api-keys.ts'
import { pgInbox } from '../../../lib/adapters/postgres/inbox.ts'
import { pgLearners } from '../../../lib/adapters/postgres/learners.ts'
import type { Learners } from '../../../lib/app/learner/learners.ts'
import { describeDatabases } from '../../support/databases.ts'
import { beginJob, takeOver } from '../../support/jobs.ts'

type ReadOnly = 'under' | 'findByTelegramId' | 'findOfApiKey'
/** Before there is a job. */
type MadeAtRequest = 'forApiKey' | 'forLimitedApiKey'

describeDatabases('Learners', (database) => {
  const learners = () => pgLearners(database().db)
  let lastTelegramId = 5_000_000_000
  /** Above 2^32, as newer Telegram ids are. */
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
    expect(await learners().setLevel(newTelegramId(), 'advanced')).toBe(undefined)
  })

  test('a learner is made once, however many find them at once, and keeps what they have chosen', async () => {
    const telegramId = newTelegramId()
    const found = await Promise.all(
      ['uk', 'ru'].map((code) => learners().findOrCreate(telegramId, code)),
    )
    expect(new Set(found.map(({ id }) => id)).size).toBe(1)
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
      gender: 'unknown',
      answersToMistakes: 'show',
      interfaceLanguage: 'follow',
    })
    expect(await learners().findByTelegramId(telegramId)).toEqual(learner)
  })

  test('choosing a language again changes the language and nothing else', async () => {
    const telegramId = newTelegramId()
    const { id } = await learners().chooseNativeLanguage(telegramId, 'uk')
    await learners().setLevel(telegramId, 'advanced')
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
    setLevel: (store, { telegramId }) => store.setLevel(telegramId, 'native'),
    setGender: (store, { telegramId }) => store.setGender(telegramId, 'masculine'),
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
    expect(await learners().setLevel(telegramId, 'first_steps')).toMatchObject({
      voiceSpeed: 'slow',
    })
    expect(await learners().setLevel(telegramId, 'beginner')).toMatchObject({
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
    expect(await learners().setLevel(telegramId, 'advanced')).toMatchObject({
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
    expect(await learners().setGender(telegramId, 'feminine')).toMatchObject({ gender: 'feminine' })
    expect(await learners().setGender(newTelegramId(), 'feminine')).toBeUndefined()
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
