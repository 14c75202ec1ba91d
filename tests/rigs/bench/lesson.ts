import { durationOf, providerTimesOf } from '../provider-times.ts'
import type { World } from '../world.ts'
import {
  type LessonKind,
  longNote,
  newLearner,
  openLessonWorld,
  type TakenLesson,
  takeLesson,
  UTTERANCES,
  withInstance,
} from './lesson-world.ts'
import type { Figure, Measured, Part, PartOptions } from './part.ts'
import { openPostgresTap, type Statement } from './postgres-tap.ts'
import { briefly, statementsOfWork } from './statement-counts.ts'

/** How long a learner waits, beside what the provider alone would take. */
export const LESSON: Part = {
  name: 'lesson',
  about:
    'voice and text lessons at the provider’s pace: first text, verdict, voice note; against their floor',
  run,
}

const RUNS = 10
/** A voice note may come so much later than the slowest sentence allows. */
const MAX_OF_FLOOR = 1.1
/** And has to come so much sooner than one thing after the other would. */
const MAX_OF_SERIAL = 0.55
const MAX_FIRST_TEXT_AFTER_RECOGNITION_MS = 150
const MAX_ROUND_TRIPS = 6
/** Speech over REST; the product's own choice is a realtime model. */
const LONG = 'voice lesson, 10 s answered by 10 s'
const REST = { TTS_MODEL: 'gpt-4o-mini-tts' }

async function run(options: PartOptions): Promise<Measured> {
  const runs = options.runs ?? RUNS
  const world = await openLessonWorld(options.latency)
  try {
    const first = await firstLessons(world, options, Math.ceil(runs / 3))
    const warm = await warmLessons(world, runs)
    const longSamples = await longLessons(world, runs)
    const restLessons = await withInstance(world, REST, async () => {
      const learner = await newLearner(world, 3_000)
      await takeLesson(world, learner, 'voice', utteranceAt(0))
      return takeLessons(runs, (at) => takeLesson(world, learner, 'voice', utteranceAt(at)))
    })
    return {
      figures: [
        ...(await voiceFigures(warm.voice, options)),
        ...roundTripFigures(first.roundTrips),
        ...(await textFigures(warm.text, options)),
        ...(await againstFloor(LONG, longSamples, options)),
        ...(await againstFloor('voice lesson, REST', restLessons, options)),
        ...firstFigures(first.lessons),
        ...paceFigures([...warm.voice, ...warm.text]),
      ],
      notes: [
        'From the moment Telegram begins to deliver. Floor: recognition, then the slowest sentence of the reply',
        '(its tokens up to its end, then its own speech). In turn: recognition, whole completion, whole speech.',
        'Both are reckoned lesson by lesson from what the stand-in really did; Telegram itself takes no time.',
      ],
    }
  } finally {
    await world.close()
  }
}

/** The first lesson of each of several processes, and the statements of the lesson after it. */
async function firstLessons(world: World, options: PartOptions, processes: number) {
  const tap = await openPostgresTap(world.env.DATABASE_URL ?? '')
  const learner = await newLearner(world, 1_000)
  const lessons: TakenLesson[] = []
  const roundTrips: RoundTrips[] = []
  for (let at = 0; at < processes; at += 1) {
    await withInstance(world, { DATABASE_URL: tap.url }, async () => {
      lessons.push(await takeLesson(world, learner, 'voice', utteranceAt(at)))
      const lesson = await takeLesson(world, learner, 'voice', utteranceAt(at + 1))
      roundTrips.push(roundTripsIn(lesson, tap.statements))
    })
  }
  await tap.close()
  if (options.verbose) for (const line of roundTrips.at(-1)?.lines ?? []) options.write(line)
  return { lessons, roundTrips }
}

async function warmLessons(world: World, runs: number) {
  return withInstance(world, {}, async () => {
    const learner = await newLearner(world, 2_000)
    const take = (kind: LessonKind) => (at: number) =>
      takeLesson(world, learner, kind, utteranceAt(at))
    await take('voice')(0)
    return {
      voice: await takeLessons(runs, take('voice')),
      text: await takeLessons(runs, take('text')),
    }
  })
}

async function longLessons(world: World, runs: number): Promise<TakenLesson[]> {
  return withInstance(world, {}, async () => {
    const learner = await newLearner(world, 2_001)
    const note = await longNote(world)
    await takeLesson(world, learner, 'voice', note)
    return takeLessons(runs, () => takeLesson(world, learner, 'voice', note))
  })
}

async function voiceFigures(lessons: TakenLesson[], options: PartOptions): Promise<Figure[]> {
  const limit = options.latency.transcribeMs + MAX_FIRST_TEXT_AFTER_RECOGNITION_MS
  return [
    { ...ms('voice lesson: first text', lessons, ({ firstTextAt }) => firstTextAt), limit },
    ms('voice lesson: verdict', lessons, ({ verdictAt }) => verdictAt),
    ...(await againstFloor('voice lesson', lessons, options)),
  ]
}

async function textFigures(lessons: TakenLesson[], options: PartOptions): Promise<Figure[]> {
  return [
    ms('text lesson: verdict', lessons, ({ verdictAt }) => verdictAt),
    ...(await againstFloor('text lesson', lessons, options)),
  ]
}

function firstFigures(lessons: TakenLesson[]): Figure[] {
  return [
    ms('first of a process: first text', lessons, ({ firstTextAt }) => firstTextAt),
    ms('first of a process: verdict', lessons, ({ verdictAt }) => verdictAt),
    ms('first of a process: voice note', lessons, ({ voiceAt }) => voiceAt),
  ]
}

/** When the voice note came, how long the provider alone would have taken for it, and their ratio. */
async function againstFloor(
  label: string,
  lessons: TakenLesson[],
  { latency }: PartOptions,
): Promise<Figure[]> {
  const comparisons = await Promise.all(
    lessons.map(async ({ sentAt, voiceAt, requests }) => {
      return { tookMs: voiceAt - sentAt, ...(await providerTimesOf(requests, latency)) }
    }),
  )
  const values = (value: (comparison: (typeof comparisons)[number]) => number) =>
    comparisons.map(value)
  return [
    { label: `${label}: voice note`, unit: 'ms', values: values(({ tookMs }) => tookMs) },
    { label: `${label}: floor`, unit: 'ms', values: values(({ floorMs }) => floorMs) },
    { label: `${label}: in turn`, unit: 'ms', values: values((comparison) => comparison.serialMs) },
    {
      label: `${label}: floor / in turn`,
      unit: '×',
      values: values(({ floorMs, serialMs }) => floorMs / serialMs),
    },
    {
      label: `${label}: voice note / floor`,
      unit: '×',
      values: values(({ tookMs, floorMs }) => tookMs / floorMs),
      limit: MAX_OF_FLOOR,
    },
    {
      label: `${label}: voice note / in turn`,
      unit: '×',
      values: values(({ tookMs, serialMs }) => tookMs / serialMs),
      limit: MAX_OF_SERIAL,
    },
  ]
}

type RoundTrips = { all: number; waitedFor: number; lines: string[] }

/** The round trips to PostgreSQL between transcript and verdict, and those that no answer of the provider hid. */
function roundTripsIn(lesson: TakenLesson, statements: readonly Statement[]): RoundTrips {
  const timelineOf = (stage: string) =>
    lesson.requests.find((request) => request.stage === stage)?.timeline
  const transcribedAt = timelineOf('transcribe')?.endAt ?? lesson.sentAt
  const { at: askedAt = 0, endAt: repliedAt = 0 } = timelineOf('reply') ?? {}
  const ownStatements = statementsOfWork(statements).filter(
    ({ isRoundTrip, sentAt }) =>
      isRoundTrip && sentAt >= transcribedAt && sentAt <= lesson.verdictAt,
  )
  const isHidden = ({ sentAt, answeredAt = Number.POSITIVE_INFINITY }: Statement) =>
    sentAt >= askedAt && answeredAt <= repliedAt
  return {
    all: ownStatements.length,
    waitedFor: ownStatements.filter((statement) => !isHidden(statement)).length,
    lines: ownStatements.map((statement) => {
      const after = String(statement.sentAt - transcribedAt).padStart(6)
      return `${after} ms ${isHidden(statement) ? '(hidden) ' : ''}${briefly(statement)}`
    }),
  }
}

function roundTripFigures(roundTrips: RoundTrips[]): Figure[] {
  const label = 'voice lesson: round trips, transcript to verdict'
  return [
    { label, unit: '', values: roundTrips.map(({ all }) => all), limit: MAX_ROUND_TRIPS },
    {
      label: `${label}, waited for`,
      unit: '',
      values: roundTrips.map(({ waitedFor }) => waitedFor),
    },
  ]
}

/** Whether the stand-in kept its pace: on a machine that is too busy it does not. */
function paceFigures(lessons: TakenLesson[]): Figure[] {
  const timelines = (stage: string) =>
    lessons.flatMap(({ requests }) => requests.filter((request) => request.stage === stage))
  const rate = (values: number[], label: string, unit: string) => ({
    label: `stand-in: ${label}`,
    unit,
    values: values.filter(Number.isFinite),
  })
  return [
    rate(timelines('transcribe').map(durationOf), 'recognition', 'ms'),
    rate(
      timelines('reply').map(({ timeline: { at, firstByteAt = at } }) => firstByteAt - at),
      'first token',
      'ms',
    ),
    rate(
      timelines('reply').map(({ timeline: { tokens } }) => {
        const [first, last] = [tokens[0], tokens.at(-1)]
        return ((tokens.length - 1) / ((last?.at ?? 0) - (first?.at ?? 0))) * 1_000
      }),
      'tokens',
      '1/s',
    ),
    rate(
      timelines('speak').map(({ timeline: { at, firstByteAt = at } }) => firstByteAt - at),
      'first byte of speech',
      'ms',
    ),
    rate(
      timelines('speak').map(({ timeline: { audioSeconds = 0, firstByteAt = 0, endAt = 0 } }) => {
        return (audioSeconds / (endAt - firstByteAt)) * 1_000
      }),
      'speech',
      '× real time',
    ),
  ]
}

function ms(
  label: string,
  lessons: TakenLesson[],
  moment: (lesson: TakenLesson) => number,
): Figure {
  return { label, unit: 'ms', values: lessons.map((lesson) => moment(lesson) - lesson.sentAt) }
}

async function takeLessons<T>(runs: number, take: (at: number) => Promise<T>): Promise<T[]> {
  const lessons: T[] = []
  for (let at = 0; at < runs; at += 1) lessons.push(await take(at))
  return lessons
}

function utteranceAt(at: number) {
  const utterance = UTTERANCES[at % UTTERANCES.length]
  if (utterance === undefined) throw new Error('There are no recordings.')
  return utterance
}
