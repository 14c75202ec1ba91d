import { expect, test, vi } from 'vitest'
import { AppError } from '../../../lib/app/error.ts'
import type { JobRun } from '../../../lib/app/jobs/job.ts'
import { speakAhead } from '../../../lib/app/lesson/speak-ahead.ts'
import type { Pieces, Speaker, Speech } from '../../../lib/app/lesson/speaker.ts'
import { spokenAs } from '../../support/classroom.ts'

const VOICE = { character: 'honzik', speedFactor: 1 } as const
const FIRST = 'Čerstvý chleba, to je základ! '
const SECOND = 'A kde vlastně bydlíš?'

/** Speaks what it is asked to, and keeps what came of each time it was. */
function listeningSpeaker() {
  const speeches: { asked: string[]; isEnded: boolean; signal: AbortSignal }[] = []
  const asked = Promise.withResolvers<void>()
  async function speak(pieces: Pieces, signal: AbortSignal): Promise<Speech> {
    const speech = { asked: [] as string[], isEnded: false, signal }
    speeches.push(speech)
    for await (const piece of pieces) {
      speech.asked.push(piece)
      asked.resolve()
    }
    speech.isEnded = true
    return spokenAs(speech.asked.join(''))
  }
  const speaker: Speaker = {
    fingerprint: () => 'fake',
    speak(pieces, _, signal, onPages) {
      onPages?.(new Uint8Array([speeches.length]))
      return speak(pieces, signal)
    },
  }
  return { speaker, speeches, asked: asked.promise }
}

function begun({ resumed = false, confirm = async () => {} } = {}) {
  const end = new AbortController()
  const run = { job: { resumed }, signal: end.signal, confirm } as JobRun
  const heard = listeningSpeaker()
  return { ...heard, end, ahead: speakAhead(heard.speaker, run, VOICE) }
}

const written = (text: string) => ({ text, isComplete: false })
const complete = (text: string) => ({ text, isComplete: true })

test('a sentence is spoken while the next one is still being written', async () => {
  const { ahead, speeches, asked } = begun()
  ahead.follow(written('Čerstvý chleba'))
  ahead.follow(written(`${FIRST}A kde`))
  await asked
  expect(speeches).toMatchObject([{ asked: [FIRST], isEnded: false }])
  ahead.follow(complete(FIRST + SECOND))
  expect(await ahead.of(FIRST + SECOND, () => {})).toEqual(spokenAs(FIRST + SECOND))
  expect(speeches).toMatchObject([{ asked: [FIRST, SECOND], isEnded: true }])
})

test('a reply that begins anew is spoken anew, and the first attempt given up', async () => {
  const { ahead, speeches, asked } = begun()
  ahead.follow(written(`${FIRST}A kde`))
  await asked
  ahead.follow(written('To'))
  ahead.follow(complete(SECOND))
  expect(await ahead.of(SECOND, () => {})).toEqual(spokenAs(SECOND))
  expect(speeches).toMatchObject([{ asked: [FIRST], isEnded: false }, { asked: [SECOND] }])
  expect(speeches[0]?.signal.aborted).toBe(true)
})

test('a reply that was never streamed is spoken as a whole', async () => {
  const { ahead, speeches } = begun()
  expect(await ahead.of(FIRST + SECOND, () => {})).toEqual(spokenAs(FIRST + SECOND))
  expect(speeches).toMatchObject([{ asked: [FIRST, SECOND] }])
})

test('a job taken up again waits for the whole reply: it may have been spoken already', async () => {
  const { ahead, speeches } = begun({ resumed: true })
  ahead.follow(written(`${FIRST}A kde`))
  ahead.follow(complete(FIRST + SECOND))
  expect(speeches).toEqual([])
  await ahead.of(FIRST + SECOND, () => {})
  expect(speeches).toMatchObject([{ asked: [FIRST, SECOND] }])
})

test('sound is told from the beginning, however late somebody listens', async () => {
  const { ahead } = begun()
  const told: Uint8Array[] = []
  await ahead.of(FIRST, (ogg) => told.push(ogg))
  expect(told).toEqual([new Uint8Array([0])])
})

test('nothing is asked for by a process that has lost its job', async () => {
  const lost = new AppError('lease-lost', 'Another run took the job over.')
  const { ahead, speeches } = begun({ confirm: () => Promise.reject(lost) })
  ahead.follow(complete(FIRST))
  await expect(ahead.of(FIRST, () => {})).rejects.toBe(lost)
  expect(speeches).toMatchObject([{ asked: [] }])
})

test('speech ends with the run, and where nobody is to hear it', async () => {
  const ended = begun()
  ended.ahead.follow(written(FIRST))
  const reason = new Error('the run is over')
  ended.end.abort(reason)
  await expect(ended.ahead.of(FIRST, () => {})).rejects.toBe(reason)

  const unheard = begun()
  unheard.ahead.stop()
  expect(unheard.speeches[0]?.signal.aborted).toBe(true)
})

test('a run that is past its deadline already asks for nothing, and ends', async () => {
  const { ahead, speeches, end } = begun({ resumed: true })
  const late = new Error('the deadline has passed')
  end.abort(late)
  await expect(ahead.of(FIRST, () => {})).rejects.toBe(late)
  expect(speeches).toMatchObject([{ asked: [] }])
})

test('a reply that begins anew with the same words is not asked for twice', async () => {
  const { ahead, speeches, asked } = begun()
  ahead.follow(written(`${FIRST}A kde`))
  await asked
  ahead.follow(written('Čerstvý'))
  ahead.follow(complete(FIRST + SECOND))
  expect(await ahead.of(FIRST + SECOND, () => {})).toEqual(spokenAs(FIRST + SECOND))
  expect(speeches).toMatchObject([{ asked: [FIRST, SECOND] }])
})

test('a reply that becomes too long to be heard is spoken no further', async () => {
  const { ahead, speeches, asked } = begun()
  ahead.follow(written(`${FIRST}A kde`))
  await asked
  ahead.follow(written(FIRST.repeat(100)))
  expect(speeches).toMatchObject([{ asked: [FIRST] }])
  expect(speeches[0]?.signal.aborted).toBe(true)
})

test('speech that takes longer than its stage may ends: the reply is sent in writing', async () => {
  vi.useFakeTimers()
  try {
    const never: Speaker = {
      fingerprint: () => 'fake',
      speak: (_, __, signal) => untilAborted(signal),
    }
    const run = { job: { resumed: false }, signal: new AbortController().signal } as JobRun
    const ahead = speakAhead(never, { ...run, confirm: async () => {} }, VOICE)
    const spoken = ahead.of(FIRST, () => {})
    const told = expect(spoken).rejects.toMatchObject({ code: 'provider-timeout' })
    await vi.advanceTimersByTimeAsync(20_000)
    await told
  } finally {
    vi.useRealTimers()
  }
})

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
