import { answerTo } from '../../scripts/studio/openai/answers.ts'
import { fieldOf } from '../../scripts/studio/openai/schema.ts'
import { speak, speechFile } from '../../scripts/studio/openai/speech.ts'
import type { Latency, RecordedRequest } from '../../scripts/studio/openai/stand-in.ts'

/** What the provider alone takes for one lesson, in milliseconds, from what its stand-in really did. */
export type ProviderTimes = {
  recognitionMs: number
  /** Recognition, then the whole completion, then the whole speech: nothing at once. */
  serialMs: number
  /** Recognition, then the slowest sentence: its tokens up to its end, then its own speech. */
  floorMs: number
}

type SpeechLatency = Pick<Latency, 'speechFirstByteMs' | 'speechRealtimeFactor'>

/** Reckons the serial sum and the floor of one lesson's requests. */
export async function providerTimesOf(
  requests: readonly RecordedRequest[],
  latency: SpeechLatency,
): Promise<ProviderTimes> {
  const hearing = requests.find(({ stage }) => stage === 'transcribe')
  const completion = requests.find(({ stage }) => stage === 'reply')
  const speech = requests.find(({ stage }) => stage === 'speak')
  if (completion === undefined || speech === undefined) throw new Error('A lesson without a reply.')

  const recognitionMs = hearing === undefined ? 0 : durationOf(hearing)
  const { tokens, at } = completion.timeline
  const content = tokens.map(({ text }) => text).join('')
  const reply = String(fieldOf(JSON.parse(content), 'reply'))
  const voice = { name: String(speech.fields.voice), speed: Number(speech.fields.speed ?? 1) }
  const sentences = await Promise.all(
    sentencesOf(reply).map(async ({ text, end }) => {
      const length = content.indexOf(REPLY_OPENS) + REPLY_OPENS.length + quotedLength(reply, end)
      return sentAt(tokens, length) - at + (await speechMsOf(text, voice, latency))
    }),
  )
  return {
    recognitionMs,
    serialMs: recognitionMs + durationOf(completion) + (await speechMsOf(reply, voice, latency)),
    floorMs: recognitionMs + Math.max(...sentences),
  }
}

/** Synthesises and encodes all that these lessons will ask for, so that the stand-in has it at hand. */
export async function warmUpSpeech(texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    const { reply } = answerTo(text, '')
    for (const sentence of [reply, ...sentencesOf(reply).map((sentence) => sentence.text)]) {
      await speechFile(await speak(sentence, 'cedar', 1), 'opus')
    }
  }
}

/** A text's sentences, and where in it each ends. */
export function sentencesOf(text: string): { text: string; end: number }[] {
  const segmenter = new Intl.Segmenter('cs', { granularity: 'sentence' })
  return [...segmenter.segment(text)].map(({ segment, index }) => {
    const sentence = segment.trimEnd()
    return { text: sentence, end: index + sentence.length }
  })
}

export function durationOf({ timeline: { at, endAt = Number.NaN } }: RecordedRequest): number {
  return endAt - at
}

const REPLY_OPENS = '"reply":"'

/** How long the first characters of a text are within a JSON string. */
function quotedLength(text: string, characters: number): number {
  return JSON.stringify(text.slice(0, characters)).length - 2
}

/** When so many characters of a completion were out. */
function sentAt(tokens: RecordedRequest['timeline']['tokens'], characters: number): number {
  let length = 0
  const token = tokens.find(({ text }) => {
    length += text.length
    return length >= characters
  })
  return token?.at ?? Number.NaN
}

/** How long the provider takes to speak a text, from being asked to the last of its sound. */
async function speechMsOf(
  text: string,
  voice: { name: string; speed: number },
  { speechFirstByteMs, speechRealtimeFactor: factor }: SpeechLatency,
): Promise<number> {
  const { samples, sampleRate } = await speak(text, voice.name, voice.speed)
  const seconds = samples.length / sampleRate
  return speechFirstByteMs + (factor > 0 ? (seconds / factor) * 1_000 : 0)
}
