import { expect, test, vi } from 'vitest'
import { AppError } from '../../../lib/app/error.ts'
import type { JobRun } from '../../../lib/app/jobs/job.ts'
import { speakAhead } from '../../../lib/app/lesson/speak-ahead.ts'
import type { Pieces, Speaker, Speech } from '../../../lib/app/lesson/speaker.ts'
import { speechOf } from '../../support/classroom.ts'

const VOICE = { character: 'honzik', speedFactor: 1 } as const
const FIRST = 'Čerstvý chleba, to je základ! '
const SECOND = 'A kde vlastně bydlíš?'

/** A speaker that keeps, of each speech, the pieces it was asked to speak and how it went on. */
function listeningSpeaker() {
  const speeches: { pieces: string[]; isEnded: boolean; signal: AbortSignal }[] = []
  const firstPiece = Promise.withResolvers<void>()
  async function speak(pieces: Pieces, signal: AbortSignal): Promise<Speech> {
    const speech = { pieces: [] as string[], isEnded: false, signal }
    speeches.push(speech)
    for await (const piece of pieces) {
      speech.pieces.push(piece)
      firstPiece.resolve()
    }
    speech.isEnded = true
    return speechOf(speech.pieces.join(''))
  }
  const speaker: Speaker = {
    fingerprint: () => 'fake',
    speak(pieces, _, { signal }, onPages) {
      onPages?.(new Uint8Array([speeches.length]))
      return speak(pieces, signal)
    },
  }
  return { speaker, speeches, firstPiece: firstPiece.promise }
}

const charge: JobRun['charge'] = () => () => {}

function newSpeechAhead({ isResumed = false, confirm = async () => {} } = {}) {
  const end = new AbortController()
  const run = { job: { isResumed }, signal: end.signal, confirm, charge } as JobRun
  const listener = listeningSpeaker()
  return { ...listener, end, speechAhead: speakAhead(listener.speaker, run, VOICE) }
}

const incompleteReply = (text: string) => ({ text, isComplete: false })
const completeReply = (text: string) => ({ text, isComplete: true })

test('a sentence is spoken while the next one is still being written', async () => {
  const { speechAhead, speeches, firstPiece } = newSpeechAhead()
  speechAhead.follow(incompleteReply('Čerstvý chleba'))
  speechAhead.follow(incompleteReply(`${FIRST}A kde`))
  await firstPiece
  expect(speeches).toMatchObject([{ pieces: [FIRST], isEnded: false }])
  speechAhead.follow(completeReply(FIRST + SECOND))
  expect(await speechAhead.of(FIRST + SECOND, () => {})).toEqual(speechOf(FIRST + SECOND))
  expect(speeches).toMatchObject([{ pieces: [FIRST, SECOND], isEnded: true }])
})

test('a reply that begins anew is spoken anew, and its first speech ends', async () => {
  const { speechAhead, speeches, firstPiece } = newSpeechAhead()
  speechAhead.follow(incompleteReply(`${FIRST}A kde`))
  await firstPiece
  speechAhead.follow(incompleteReply('To'))
  speechAhead.follow(completeReply(SECOND))
  expect(await speechAhead.of(SECOND, () => {})).toEqual(speechOf(SECOND))
  expect(speeches).toMatchObject([{ pieces: [FIRST], isEnded: false }, { pieces: [SECOND] }])
  expect(speeches[0]?.signal.aborted).toBe(true)
})

test('a reply that was never streamed is spoken as a whole', async () => {
  const { speechAhead, speeches } = newSpeechAhead()
  expect(await speechAhead.of(FIRST + SECOND, () => {})).toEqual(speechOf(FIRST + SECOND))
  expect(speeches).toMatchObject([{ pieces: [FIRST, SECOND] }])
})

test('a resumed job speaks only the whole reply, as its speech may be stored', async () => {
  const { speechAhead, speeches } = newSpeechAhead({ isResumed: true })
  speechAhead.follow(incompleteReply(`${FIRST}A kde`))
  speechAhead.follow(completeReply(FIRST + SECOND))
  expect(speeches).toEqual([])
  await speechAhead.of(FIRST + SECOND, () => {})
  expect(speeches).toMatchObject([{ pieces: [FIRST, SECOND] }])
})

test('a late listener gets the speech from its beginning', async () => {
  const { speechAhead } = newSpeechAhead()
  const chunks: Uint8Array[] = []
  await speechAhead.of(FIRST, (ogg) => chunks.push(ogg))
  expect(chunks).toEqual([new Uint8Array([0])])
})

test('a process that has lost its job asks for no speech', async () => {
  const leaseLost = new AppError('lease-lost', 'Another run took the job over.')
  const { speechAhead, speeches } = newSpeechAhead({ confirm: () => Promise.reject(leaseLost) })
  speechAhead.follow(completeReply(FIRST))
  await expect(speechAhead.of(FIRST, () => {})).rejects.toBe(leaseLost)
  expect(speeches).toMatchObject([{ pieces: [] }])
})

test('speech ends with the run, and when it is stopped', async () => {
  const overdueScene = newSpeechAhead()
  overdueScene.speechAhead.follow(incompleteReply(FIRST))
  const reason = new Error('the run is over')
  overdueScene.end.abort(reason)
  await expect(overdueScene.speechAhead.of(FIRST, () => {})).rejects.toBe(reason)

  const unheardScene = newSpeechAhead()
  unheardScene.speechAhead.stop()
  expect(unheardScene.speeches[0]?.signal.aborted).toBe(true)
})

test('a run past its deadline asks for no speech, and ends', async () => {
  const { speechAhead, speeches, end } = newSpeechAhead({ isResumed: true })
  const deadlineError = new Error('the deadline has passed')
  end.abort(deadlineError)
  await expect(speechAhead.of(FIRST, () => {})).rejects.toBe(deadlineError)
  expect(speeches).toMatchObject([{ pieces: [] }])
})

test('a reply that begins anew with the same words is spoken once', async () => {
  const { speechAhead, speeches, firstPiece } = newSpeechAhead()
  speechAhead.follow(incompleteReply(`${FIRST}A kde`))
  await firstPiece
  speechAhead.follow(incompleteReply('Čerstvý'))
  speechAhead.follow(completeReply(FIRST + SECOND))
  expect(await speechAhead.of(FIRST + SECOND, () => {})).toEqual(speechOf(FIRST + SECOND))
  expect(speeches).toMatchObject([{ pieces: [FIRST, SECOND] }])
})

test('a reply that becomes too long to be spoken is spoken no further', async () => {
  const { speechAhead, speeches, firstPiece } = newSpeechAhead()
  speechAhead.follow(incompleteReply(`${FIRST}A kde`))
  await firstPiece
  speechAhead.follow(incompleteReply(FIRST.repeat(100)))
  expect(speeches).toMatchObject([{ pieces: [FIRST] }])
  expect(speeches[0]?.signal.aborted).toBe(true)
})

test('speech that takes longer than its stage may ends as a timeout', async () => {
  vi.useFakeTimers()
  try {
    const hangingSpeaker: Speaker = {
      fingerprint: () => 'fake',
      speak: (_, __, { signal }) => untilAborted(signal),
    }
    const run = { job: { isResumed: false }, signal: new AbortController().signal } as JobRun
    const speechAhead = speakAhead(
      hangingSpeaker,
      { ...run, confirm: async () => {}, charge },
      VOICE,
    )
    const speech = speechAhead.of(FIRST, () => {})
    const rejection = expect(speech).rejects.toMatchObject({ code: 'provider-timeout' })
    await vi.advanceTimersByTimeAsync(20_000)
    await rejection
  } finally {
    vi.useRealTimers()
  }
})

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
