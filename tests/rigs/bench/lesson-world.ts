import { setTimeout as delay } from 'node:timers/promises'
import { encodeVoiceNote } from '../../../lib/adapters/audio/voice-note.ts'
import { pgLearners } from '../../../lib/adapters/postgres/learners.ts'
import { synthesise } from '../../../scripts/studio/espeak.ts'
import type { Latency, RecordedRequest } from '../../../scripts/studio/openai/stand-in.ts'
import { recordings } from '../../../scripts/studio/openai/transcription.ts'
import { SENTENCES } from '../../../scripts/studio/openai/tutor/sentences.ts'
import { TOPICS } from '../../../scripts/studio/openai/tutor/topics.ts'
import type { Call } from '../../../scripts/studio/telegram/calls.ts'
import type { Learner } from '../../../scripts/studio/telegram/learner.ts'
import type { Update } from '../../../scripts/studio/telegram/objects.ts'
import type { Instance } from '../processes.ts'
import { warmUpSpeech } from '../provider-times.ts'
import { openWorld, type World } from '../world.ts'

/** What a learner says, aloud or in writing. */
export type Utterance = { text: string; bytes: Uint8Array; durationSeconds: number }

export type LessonKind = 'voice' | 'text'

/** One lesson as Telegram and OpenAI saw it; moments in milliseconds since the epoch. */
export type TakenLesson = {
  /** Telegram began to deliver what the learner sent. */
  sentAt: number
  /** The first text reached Telegram: of a voice note what was heard, of a text the verdict. */
  firstTextAt: number
  verdictAt: number
  /** The voice note had reached Telegram as a whole. */
  voiceAt: number
  /** What OpenAI was asked meanwhile. */
  requests: RecordedRequest[]
}

/** The product's own settings where `openWorld` has others for the sake of killing it. */
const OWN_SETTINGS = { LEASE_SECONDS: '20', LOG_LEVEL: 'info' }

const LOOK_EVERY_MS = 3
const PATIENCE_MS = 60_000

/** The three things that the stand-ins know an answer to, Czech with a mistake in each. */
export const UTTERANCES: readonly Utterance[] = (await recordings()).slice(0, 3)

/** What learners say about each of the topics: each is answered by another reply. */
export const TOPIC_UTTERANCES: readonly string[] = Object.keys(TOPICS).flatMap((topic) => {
  const sentence = SENTENCES.find((entry) => entry.topic === topic && entry.mistakes.length > 0)
  return sentence === undefined ? [] : [sentence.said]
})

/** The first of the recordings, in which this is heard from now on. */
export function hearing({ openai }: World, text: string): Utterance {
  const utterance = firstUtterance()
  openai.hears(utterance.bytes, { text, languages: ['cs'] })
  return { ...utterance, text }
}

export function firstUtterance(): Utterance {
  const [utterance] = UTTERANCES
  if (utterance === undefined) throw new Error('There are no recordings.')
  return utterance
}

const LONG_TEXT =
  'O víkendu jsem jel s kamarády do Brno, byli jsme tam dva dny, viděl jsem hrad a katedrála a jedli jsme dobré jídlo.'

/** A voice note of about ten seconds, whose answer takes about ten seconds to be said: the published case. */
export async function longNote({ openai }: World): Promise<Utterance> {
  const { samples } = await synthesise(LONG_TEXT, { name: 'cs+m7', pitch: 65 }, 0.8)
  const { ogg, durationSeconds } = await encodeVoiceNote(samples)
  openai.hears(ogg, { text: LONG_TEXT, languages: ['cs'] })
  await warmUpSpeech([LONG_TEXT])
  return { text: LONG_TEXT, bytes: ogg, durationSeconds }
}

/** Opens a world with the product’s own settings; without `latency` the provider takes no time. */
export async function openLessonWorld(
  latency: Latency | undefined,
  env: NodeJS.Dict<string> = {},
): Promise<World> {
  await warmUpSpeech(UTTERANCES.map(({ text }) => text))
  return openWorld({
    ...(latency && { latency }),
    env: { ...OWN_SETTINGS, ...env },
    waitsForDisk: true,
  })
}

/** Runs a process of the product alone in a world, with Telegram's deliveries, until the work is done. */
export async function withInstance<T>(
  world: World,
  env: NodeJS.Dict<string>,
  work: (instance: Instance) => Promise<T>,
): Promise<T> {
  const instance = await world.start(env)
  world.deliverTo(instance)
  try {
    return await work(instance)
  } finally {
    // Nothing is under way: its end need not be a graceful one.
    await instance.end('SIGKILL')
  }
}

/** A learner who has answered the questions of /start. */
export async function newLearner(world: World, id: number): Promise<Learner> {
  const learners = pgLearners(world.db)
  await learners.chooseNativeLanguage(id, 'ru')
  await learners.choose(id, { level: 'beginner' })
  return world.telegram.learner({ id, first_name: 'Olena', language_code: 'ru' })
}

export function sends(learner: Learner, kind: LessonKind, utterance: Utterance): Update {
  if (kind === 'text') return learner.says(utterance.text)
  return learner.sendsVoice(utterance.bytes, { duration: Math.round(utterance.durationSeconds) })
}

/** Lets a learner take one lesson, and waits until its job is done; throws where it does not end well. */
export async function takeLesson(
  world: World,
  learner: Learner,
  kind: LessonKind,
  utterance: Utterance,
): Promise<TakenLesson> {
  const { telegram, openai } = world
  const [calls, attempts, requests] = [telegram.calls, telegram.attempts, openai.requests].map(
    ({ length }) => length,
  )
  const update = sends(learner, kind, utterance)
  const newCalls = () => telegram.calls.slice(calls).filter((call) => isIn(learner, call))
  const verdict = kind === 'voice' ? 'editMessageText' : 'sendMessage'
  await until(world, () => [verdict, 'sendVoice'].every((method) => lastOf(newCalls(), method)))
  await isDone(world, update)

  const texts = newCalls().filter(({ method }) => /^(sendMessage|editMessageText)$/.test(method))
  const attempt = telegram.attempts
    .slice(attempts)
    .find((candidate) => candidate.updateId === update.update_id)
  return {
    sentAt: attempt?.at ?? Number.NaN,
    firstTextAt: texts[0]?.at ?? Number.NaN,
    verdictAt: lastOf(newCalls(), verdict)?.at ?? Number.NaN,
    voiceAt: lastOf(newCalls(), 'sendVoice')?.at ?? Number.NaN,
    requests: openai.requests.slice(requests),
  }
}

/** Waits until an update's job is done; throws where it is given up. */
export async function isDone({ db, ...world }: World, update: Update): Promise<void> {
  let state: string | undefined
  await until(world, async () => {
    const row = await db
      .selectFrom('inbox')
      .select('state')
      .where('key', '=', String(update.update_id))
      .executeTakeFirst()
    state = row?.state
    return state === 'done' || state === 'dead'
  })
  if (state === 'dead') throw new Error(`A job was given up:\n${lastLines(world.output())}`)
}

/** Polls until `isSo` is true; throws with the product’s last lines of output after `patienceMs`. */
export async function until(
  world: Pick<World, 'output'>,
  isSo: () => unknown,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  const endsAt = performance.now() + patienceMs
  while (!(await isSo())) {
    if (performance.now() > endsAt) {
      throw new Error(`Nothing came of it in ${patienceMs / 1000} s:\n${lastLines(world.output())}`)
    }
    await delay(LOOK_EVERY_MS)
  }
}

function isIn({ chat }: Learner, { payload }: Call): boolean {
  return String(payload.chat_id) === String(chat.id)
}

function lastOf(calls: readonly Call[], method: string): Call | undefined {
  return calls.findLast((call) => call.method === method)
}

function lastLines(output: string): string {
  return output.split('\n').slice(-12).join('\n')
}
