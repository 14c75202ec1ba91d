import { expect, test } from 'vitest'
import { readOggOpus } from '../../../../lib/adapters/audio/ogg-reader.ts'
import { encodeSound, type OpusSound } from '../../../../lib/adapters/audio/opus-encoder.ts'
import { PIECES_AT_ONCE, speakPieces } from '../../../../lib/adapters/openai/speech/pieces.ts'

const noSignal = new AbortController().signal

/** A tone whose packets no other tone has. */
function tone(hertz: number): Promise<OpusSound> {
  const wave = (_: unknown, at: number) => 9_000 * Math.sin((2 * Math.PI * hertz * at) / 24_000)
  return encodeSound(Int16Array.from({ length: 2_400 }, wave))
}

test('pieces are joined in their order, also if a later one is spoken first', async () => {
  const sounds = await Promise.all([300, 500, 700].map(tone))
  const beginnings = sounds.map(() => Promise.withResolvers<void>())
  const note = await speakPieces(['0', '1', '2'], noSignal, async (piece) => {
    const index = Number(piece)
    beginnings[index]?.resolve()
    // The last piece is spoken first.
    if (index < 2) await beginnings[index + 1]?.promise
    const sound = sounds[index]
    if (sound === undefined) throw new Error('there is no such piece')
    return sound
  })
  expect(readOggOpus(note.ogg)?.packets.map((packet) => Buffer.from(packet))).toEqual(
    sounds.flatMap(({ packets }) => packets.map((packet) => Buffer.from(packet))),
  )
})

test('a piece is asked for as soon as it is written, and only as many at once as a provider takes', async () => {
  const sound = await tone(400)
  const gate = Promise.withResolvers<void>()
  const requestedTexts: string[] = []
  const pieces = Array.from({ length: PIECES_AT_ONCE + 2 }, (_, index) => String(index))
  const allRequested = Promise.withResolvers<void>()
  const speech = speakPieces(pieces, noSignal, async (piece) => {
    requestedTexts.push(piece)
    if (requestedTexts.length === PIECES_AT_ONCE) allRequested.resolve()
    await gate.promise
    return sound
  })
  await allRequested.promise
  expect(requestedTexts).toEqual(pieces.slice(0, PIECES_AT_ONCE))
  gate.resolve()
  await speech
  expect(requestedTexts).toEqual(pieces)
})

test('the first piece that fails ends the others, and no further one is asked for', async () => {
  const requestedTexts: string[] = []
  const failure = new Error('the provider is down')
  const pieces = Array.from({ length: PIECES_AT_ONCE + 1 }, (_, index) => String(index))
  const speech = speakPieces(pieces, noSignal, (piece, signal) => {
    requestedTexts.push(piece)
    if (piece === '1') return Promise.reject(failure)
    return new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    })
  })
  await expect(speech).rejects.toBe(failure)
  expect(requestedTexts).toContain('1')
  expect(requestedTexts).not.toContain(pieces.at(-1))
})

test('a piece without words is not asked for', async () => {
  const requestedTexts: string[] = []
  const sound = await tone(400)
  const say = async (piece: string) => {
    requestedTexts.push(piece)
    return sound
  }
  await speakPieces(['Co jsi dělal? ', '🙂', ' * * * '], noSignal, say)
  expect(requestedTexts).toEqual(['Co jsi dělal?'])
  await expect(speakPieces(['🙂'], noSignal, say)).rejects.toMatchObject({
    code: 'provider-rejected',
  })
})

test('a text that breaks off ends what is asked for of it', async () => {
  const reason = new Error('there is no more of it')
  const ending = Promise.withResolvers<void>()
  async function* breaksOff() {
    yield 'Kolik to stojí?'
    throw reason
  }
  const speech = speakPieces(breaksOff(), noSignal, (_, signal) => {
    signal.addEventListener('abort', () => ending.resolve(), { once: true })
    return new Promise<never>(() => {})
  })
  await expect(speech).rejects.toBe(reason)
  await ending.promise
})
