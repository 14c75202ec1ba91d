import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { pgBreaker } from '../../../lib/adapters/postgres/breaker.ts'
import { AppError, type ErrorCode } from '../../../lib/app/error.ts'
import type { Speaker } from '../../../lib/app/lesson/speaker.ts'
import { breakingSpeaker } from '../../../lib/app/lesson/speech-breaker.ts'
import { describeDatabases } from '../../support/databases.ts'
import { rememberingLog } from '../../support/scripted-provider.ts'

const SPEECH = { ogg: new Uint8Array([1]), durationSeconds: 1 }
const VOICE = { character: 'honzik', speedFactor: 1 } as const

describeDatabases('A speaker whose provider refuses', (database) => {
  /** Two processes with one database; `refuse` makes the provider refuse from here on, or stop refusing. */
  async function scene() {
    const { db } = database()
    await sql`delete from breaker`.execute(db)
    const log = rememberingLog()
    let code: ErrorCode | undefined
    let calls = 0
    const provider: Speaker = {
      fingerprint: () => 'voice',
      async speak() {
        calls += 1
        if (code !== undefined) throw new AppError(code, 'speak: HTTP 401', { stage: 'speak' })
        return SPEECH
      },
    }
    const [firstSpeaker, secondSpeaker] = [1, 2].map(() =>
      breakingSpeaker(provider, { breaker: pgBreaker(db), log }),
    )
    if (firstSpeaker === undefined || secondSpeaker === undefined) throw new Error('There are two.')
    const work = { signal: new AbortController().signal, charge: () => {}, run: undefined }
    return {
      speakAt: (speaker: Speaker) => speaker.speak(['Ahoj.'], VOICE, work),
      firstSpeaker,
      secondSpeaker,
      refuse: (newCode: ErrorCode | undefined) => {
        code = newCode
      },
      callCount: () => calls,
      alerts: () => log.lines.filter(({ event }) => event === 'provider_blocked').length,
      pass: (minutes: number) =>
        sql`update breaker set probe_at = probe_at - ${minutes}::float8 * interval '1 minute',
          opened_at = opened_at - ${minutes}::float8 * interval '1 minute'`.execute(db),
      isOpen: async () =>
        (await db.selectFrom('breaker').select('provider').execute()).length === 1,
    }
  }
  const parkedError = expect.objectContaining({ code: 'provider-parked' })

  test.each(['provider-unauthorized', 'provider-quota-exhausted'] as const)(
    'a speaker that says %s is asked once, and again when the next probe is due',
    async (code) => {
      const { speakAt, firstSpeaker, refuse, callCount, alerts, pass, isOpen } = await scene()
      refuse(code)
      await expect(speakAt(firstSpeaker)).rejects.toMatchObject({ code })
      for (let lesson = 0; lesson < 3; lesson += 1)
        await expect(speakAt(firstSpeaker)).rejects.toEqual(parkedError)
      expect(callCount()).toBe(1)
      await pass(1)
      await expect(speakAt(firstSpeaker)).rejects.toMatchObject({ code })
      await expect(speakAt(firstSpeaker)).rejects.toEqual(parkedError)
      expect([callCount(), alerts()]).toEqual([2, 1])

      refuse(undefined)
      await pass(5)
      expect(await speakAt(firstSpeaker)).toEqual(SPEECH)
      expect(await isOpen()).toBe(false)
      expect(await speakAt(firstSpeaker)).toEqual(SPEECH)
    },
  )

  test('a refusal that another process has found is alerted once, and ends for both when one of them is spoken to', async () => {
    const { speakAt, firstSpeaker, secondSpeaker, refuse, callCount, alerts, pass } = await scene()
    refuse('provider-unauthorized')
    for (const speaker of [firstSpeaker, secondSpeaker])
      await expect(speakAt(speaker)).rejects.toThrow('401')
    await expect(speakAt(secondSpeaker)).rejects.toEqual(parkedError)
    expect([callCount(), alerts()]).toEqual([2, 1])
    refuse(undefined)
    await pass(5)
    expect(await speakAt(firstSpeaker)).toEqual(SPEECH)
    expect(await speakAt(secondSpeaker)).toEqual(SPEECH)
  })

  test('one of two refusals at the same moment of the clock is new', async () => {
    const { db } = database()
    await db.deleteFrom('breaker').execute()
    // Within a transaction the clock stands still.
    const openings = await db.transaction().execute(async (transaction) => {
      const breaker = pgBreaker(transaction)
      return [
        await breaker.open('speak', 'provider-unauthorized'),
        await breaker.open('speak', 'provider-quota-exhausted'),
      ]
    })
    expect(openings.map(({ isNew }) => isNew)).toEqual([true, false])
  })

  test('a refusal after one that was forgotten is alerted anew', async () => {
    const { speakAt, firstSpeaker, secondSpeaker, refuse, alerts, pass } = await scene()
    refuse('provider-unauthorized')
    await expect(speakAt(firstSpeaker)).rejects.toThrow('401')
    await pass(60)
    await expect(speakAt(secondSpeaker)).rejects.toThrow('401')
    expect(alerts()).toBe(2)
  })

  test('a speaker that fails for a moment is asked by the next lesson', async () => {
    const { speakAt, firstSpeaker, refuse, callCount, isOpen } = await scene()
    refuse('provider-failed')
    for (let lesson = 0; lesson < 2; lesson += 1)
      await expect(speakAt(firstSpeaker)).rejects.toThrow('401')
    expect(callCount()).toBe(2)
    expect(await isOpen()).toBe(false)
  })
})
