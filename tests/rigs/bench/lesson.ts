import { durationOf, providerTimesOf } from '../provider-times.ts'
import type { World } from '../world.ts'
import {
  type LessonKind,
  longNote,
  newLearner,
  openLessonWorld,
  SPOKEN,
  type TakenLesson,
  takeLesson,
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
    const long = await longLessons(world, runs)
    const rest = await withInstance(world, REST, async () => {
      const learner = await newLearner(world, 3_000)
      await takeLesson(world, learner, 'voice', spokenAt(0))
      return lessons(runs, (at) => takeLesson(world, learner, 'voice', spokenAt(at)))
    })
    return {
      figures: [
        ...(await voiceFigures(warm.voice, options)),
        ...roundTripFigures(first.roundTrips),
        ...(await textFigures(warm.text, options)),
        ...(await againstFloor(LONG, long, options)),
        ...(await againstFloor('voice lesson, REST', rest, options)),
        ...firstFigures(first.taken),
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

/** The first lesson of each of several processes, and what PostgreSQL was asked in the next one. */
async function firstLessons(world: World, options: PartOptions, processes: number) {
  const tap = await openPostgresTap(world.env.DATABASE_URL ?? '')
  const learner = await newLearner(world, 1_000)
  const taken: TakenLesson[] = []
  const roundTrips: RoundTrips[] = []
  for (let at = 0; at < processes; at += 1) {
    await withInstance(world, { DATABASE_URL: tap.url }, async () => {
      taken.push(await takeLesson(world, learner, 'voice', spokenAt(at)))
      const lesson = await takeLesson(world, learner, 'voice', spokenAt(at + 1))
      roundTrips.push(roundTripsIn(lesson, tap.statements))
    })
  }
  await tap.close()
  if (options.verbose) for (const line of roundTrips.at(-1)?.told ?? []) options.write(line)
  return { taken, roundTrips }
}

async function warmLessons(world: World, runs: number) {
  return withInstance(world, {}, async () => {
    const learner = await newLearner(world, 2_000)
    const take = (kind: LessonKind) => (at: number) =>
      takeLesson(world, learner, kind, spokenAt(at))
    await take('voice')(0)
    return { voice: await lessons(runs, take('voice')), text: await lessons(runs, take('text')) }
  })
}

async function longLessons(world: World, runs: number): Promise<TakenLesson[]> {
  return withInstance(world, {}, async () => {
    const learner = await newLearner(world, 2_001)
    const note = await longNote(world)
    await takeLesson(world, learner, 'voice', note)
    return lessons(runs, () => takeLesson(world, learner, 'voice', note))
  })
}

async function voiceFigures(taken: TakenLesson[], options: PartOptions): Promise<Figure[]> {
  const limit = options.latency.transcribeMs + MAX_FIRST_TEXT_AFTER_RECOGNITION_MS
  return [
    { ...ms('voice lesson: first text', taken, ({ firstTextAt }) => firstTextAt), limit },
    ms('voice lesson: verdict', taken, ({ verdictAt }) => verdictAt),
    ...(await againstFloor('voice lesson', taken, options)),
  ]
}

async function textFigures(taken: TakenLesson[], options: PartOptions): Promise<Figure[]> {
  return [
    ms('text lesson: verdict', taken, ({ verdictAt }) => verdictAt),
    ...(await againstFloor('text lesson', taken, options)),
  ]
}

function firstFigures(taken: TakenLesson[]): Figure[] {
  return [
    ms('first of a process: first text', taken, ({ firstTextAt }) => firstTextAt),
    ms('first of a process: verdict', taken, ({ verdictAt }) => verdictAt),
    ms('first of a process: voice note', taken, ({ voiceAt }) => voiceAt),
  ]
}

/** The voice note, what the provider alone would have taken for it, and how they compare. */
async function againstFloor(
  what: string,
  taken: TakenLesson[],
  { latency }: PartOptions,
): Promise<Figure[]> {
  const compared = await Promise.all(
    taken.map(async ({ sentAt, voiceAt, requests }) => {
      return { tookMs: voiceAt - sentAt, ...(await providerTimesOf(requests, latency)) }
    }),
  )
  const values = (value: (each: (typeof compared)[number]) => number) => compared.map(value)
  return [
    { what: `${what}: voice note`, unit: 'ms', values: values(({ tookMs }) => tookMs) },
    { what: `${what}: floor`, unit: 'ms', values: values(({ floorMs }) => floorMs) },
    { what: `${what}: in turn`, unit: 'ms', values: values((each) => each.serialMs) },
    {
      what: `${what}: floor / in turn`,
      unit: '×',
      values: values(({ floorMs, serialMs }) => floorMs / serialMs),
    },
    {
      what: `${what}: voice note / floor`,
      unit: '×',
      values: values(({ tookMs, floorMs }) => tookMs / floorMs),
      limit: MAX_OF_FLOOR,
    },
    {
      what: `${what}: voice note / in turn`,
      unit: '×',
      values: values(({ tookMs, serialMs }) => tookMs / serialMs),
      limit: MAX_OF_SERIAL,
    },
  ]
}

type RoundTrips = { all: number; waitedFor: number; told: string[] }

/** What PostgreSQL was asked between transcript and verdict, and what of that no provider's answer hid. */
function roundTripsIn(lesson: TakenLesson, statements: readonly Statement[]): RoundTrips {
  const timelineOf = (stage: string) =>
    lesson.requests.find((request) => request.stage === stage)?.timeline
  const heardAt = timelineOf('transcribe')?.endAt ?? lesson.sentAt
  const { at: askedAt = 0, endAt: repliedAt = 0 } = timelineOf('reply') ?? {}
  const between = statementsOfWork(statements).filter(
    ({ isRoundTrip, sentAt }) => isRoundTrip && sentAt >= heardAt && sentAt <= lesson.verdictAt,
  )
  const isHidden = ({ sentAt, answeredAt = Number.POSITIVE_INFINITY }: Statement) =>
    sentAt >= askedAt && answeredAt <= repliedAt
  return {
    all: between.length,
    waitedFor: between.filter((statement) => !isHidden(statement)).length,
    told: between.map((statement) => {
      const after = String(statement.sentAt - heardAt).padStart(6)
      return `${after} ms ${isHidden(statement) ? '(hidden) ' : ''}${briefly(statement)}`
    }),
  }
}

function roundTripFigures(counted: RoundTrips[]): Figure[] {
  const what = 'voice lesson: round trips, transcript to verdict'
  return [
    { what, unit: '', values: counted.map(({ all }) => all), limit: MAX_ROUND_TRIPS },
    { what: `${what}, waited for`, unit: '', values: counted.map(({ waitedFor }) => waitedFor) },
  ]
}

/** Whether the stand-in kept its pace: on a machine that is too busy it does not. */
function paceFigures(taken: TakenLesson[]): Figure[] {
  const timelines = (stage: string) =>
    taken.flatMap(({ requests }) => requests.filter((each) => each.stage === stage))
  const rate = (values: number[], what: string, unit: string) => ({
    what: `stand-in: ${what}`,
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

function ms(what: string, taken: TakenLesson[], moment: (lesson: TakenLesson) => number): Figure {
  return { what, unit: 'ms', values: taken.map((lesson) => moment(lesson) - lesson.sentAt) }
}

async function lessons<T>(runs: number, take: (at: number) => Promise<T>): Promise<T[]> {
  const taken: T[] = []
  for (let at = 0; at < runs; at += 1) taken.push(await take(at))
  return taken
}

function spokenAt(at: number) {
  const spoken = SPOKEN[at % SPOKEN.length]
  if (spoken === undefined) throw new Error('There are no recordings.')
  return spoken
}
