import { encodeVoiceNote } from '../../../lib/adapters/audio/voice-note.ts'
import { answerTo } from '../../../scripts/studio/openai/answers.ts'
import { speak } from '../../../scripts/studio/openai/speech.ts'
import { cpuMsOf } from '../process-usage.ts'
import type { Instance } from '../processes.ts'
import type { World } from '../world.ts'
import {
  firstUtterance,
  type LessonKind,
  newLearner,
  openLessonWorld,
  type TakenLesson,
  takeLesson,
  withInstance,
} from './lesson-world.ts'
import type { Figure, Measured, Part, PartOptions } from './part.ts'

/** What a lesson costs where the provider answers at once: the product's own time. */
export const OVERHEAD: Part = {
  name: 'overhead',
  about: 'lessons with a provider that takes no time: our own milliseconds, CPU, lessons a second',
  run,
}

const RUNS = 30
const MAX_OVERHEAD_MS = 60
const CHATS_AT_ONCE = 10
const LESSONS_EACH = 10
/** As many as the tutor remembers: from then on each lesson is like the one before. */
export const LESSONS_BEFORE = 10

async function run(options: PartOptions): Promise<Measured> {
  const { runs = RUNS, scale } = options
  const world = await openLessonWorld(undefined)
  try {
    const figures = await withInstance(world, {}, async (instance) => [
      ...(await oneByOne(world, instance, 'voice', { runs, scale })),
      ...(await oneByOne(world, instance, 'text', { runs, scale })),
      ...(await atOnce(world, instance, 'voice', { scale })),
      ...(await atOnce(world, instance, 'text', { scale })),
    ])
    return {
      figures: [...figures, await measureEncoding(runs)],
      notes: [
        'From the moment Telegram begins to deliver to the last of verdict and voice note, the time left out in',
        'which OpenAI’s stand-in was at work. Telegram’s stand-in is in it, and so is encoding the speech.',
        `At once: ${CHATS_AT_ONCE} chats. The stand-ins share the machine, and their CPU is told beside ours.`,
      ],
    }
  } finally {
    await world.close()
  }
}

async function oneByOne(
  world: World,
  { pid }: Instance,
  kind: LessonKind,
  { runs, scale }: { runs: number; scale: number },
): Promise<Figure[]> {
  const learner = await newLearner(world, kind === 'voice' ? 1_000 : 1_001)
  for (let at = 0; at < Math.ceil(LESSONS_BEFORE * scale); at += 1)
    await takeLesson(world, learner, kind, firstUtterance())
  const lessons: TakenLesson[] = []
  const cpu: number[] = []
  for (let at = 0; at < runs; at += 1) {
    const before = cpuMsOf(pid)
    lessons.push(await takeLesson(world, learner, kind, firstUtterance()))
    cpu.push(cpuMsOf(pid) - before)
  }
  const limit = MAX_OVERHEAD_MS
  return [
    {
      label: `${kind} lesson: own overhead`,
      unit: 'ms',
      values: lessons.map(ownMsOf),
      limit,
    },
    { label: `${kind} lesson: stand-in for OpenAI`, unit: 'ms', values: lessons.map(providerMs) },
    {
      label: `${kind} lesson: CPU`,
      unit: 'ms',
      // Its clock has steps of 10 ms: only their mean says more than that.
      values: [cpu.reduce((sum, ms) => sum + ms, 0) / runs],
    },
  ]
}

async function atOnce(
  world: World,
  { pid }: Instance,
  kind: LessonKind,
  { scale }: { scale: number },
): Promise<Figure[]> {
  const first = kind === 'voice' ? 2_000 : 3_000
  const chats = Math.ceil(CHATS_AT_ONCE * scale)
  const learners = await Promise.all(
    Array.from({ length: chats }, (_, at) => newLearner(world, first + at)),
  )
  const lessonsEach = Math.ceil(LESSONS_EACH * scale)
  const [cpuBefore, standInsBefore] = [cpuMsOf(pid), cpuMsOf(process.pid)]
  const startedAt = performance.now()
  await Promise.all(
    learners.map(async (learner) => {
      for (let at = 0; at < lessonsEach; at += 1)
        await takeLesson(world, learner, kind, firstUtterance())
    }),
  )
  const lessons = lessonsEach * chats
  const seconds = (performance.now() - startedAt) / 1000
  const perLesson = (ms: number) => [ms / lessons]
  return [
    { label: `${kind} lessons at once`, unit: '1/s', values: [lessons / seconds] },
    {
      label: `${kind} lessons at once: CPU each`,
      unit: 'ms',
      values: perLesson(cpuMsOf(pid) - cpuBefore),
    },
    {
      label: `${kind} lessons at once: CPU of the stand-ins each`,
      unit: 'ms',
      values: perLesson(cpuMsOf(process.pid) - standInsBefore),
    },
  ]
}

/** The reply's speech encoded in one go, in this process: what of the overhead that is. */
async function measureEncoding(runs: number): Promise<Figure> {
  const { reply } = answerTo(firstUtterance().text, '')
  const { samples, sampleRate } = await speak(reply, 'cedar', 1)
  const values: number[] = []
  // The first one loads the codec.
  for (let at = 0; at <= runs; at += 1) {
    const startedAt = performance.now()
    await encodeVoiceNote(samples)
    if (at > 0) values.push(performance.now() - startedAt)
  }
  const seconds = (samples.length / sampleRate).toFixed(1)
  return { label: `encoding ${seconds} s of speech, alone`, unit: 'ms', values }
}

/** From the delivery to the last of verdict and voice note, without the time the provider was at work. */
export function ownMsOf(lesson: TakenLesson): number {
  const { sentAt, verdictAt, voiceAt } = lesson
  return Math.max(verdictAt, voiceAt) - sentAt - providerMs(lesson)
}

/** For how long the stand-in had at least one request before it. */
function providerMs({ requests }: TakenLesson): number {
  let busyMs = 0
  let settledAt = 0
  for (const { timeline } of requests.toSorted((a, b) => a.timeline.at - b.timeline.at)) {
    const { at, endAt = at } = timeline
    busyMs += Math.max(0, endAt - Math.max(at, settledAt))
    settledAt = Math.max(settledAt, endAt)
  }
  return busyMs
}
