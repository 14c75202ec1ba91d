import { setTimeout as delay } from 'node:timers/promises'
import type { Learner } from '../../../scripts/studio/telegram/learner.ts'
import { warmUpSpeech } from '../provider-times.ts'
import { HAS_REDIS, type RedisServer, startRedis } from '../redis.ts'
import type { World } from '../world.ts'
import {
  hearing,
  newLearner,
  openLessonWorld,
  type TakenLesson,
  TOPIC_UTTERANCES,
  takeLesson,
  withInstance,
} from './lesson-world.ts'
import type { Figure, Measured, Part, PartOptions } from './part.ts'
import { openPostgresTap, type PostgresTap } from './postgres-tap.ts'
import { statementsOfWork } from './statement-counts.ts'

/** What a reply costs whose sentences have been spoken before. */
export const CACHE: Part = {
  name: 'cache',
  about: 'a reply spoken for the first time, and the same sentences spoken again at no cost',
  run,
}

const RUNS = 5
/** After a lesson the entries of its sentences are written. */
const WRITING_MS = 1_500
type Cost = { lesson: TakenLesson; calls: number; microUsd: number; statements: number }

async function run(options: PartOptions): Promise<Measured> {
  const runs = Math.min(options.runs ?? RUNS, TOPIC_UTTERANCES.length - 1)
  const world = await openLessonWorld(options.latency)
  const redis = HAS_REDIS ? await startRedis() : undefined
  try {
    await warmUpSpeech(TOPIC_UTTERANCES.slice(0, runs + 1))
    const figures: Figure[] = []
    for (const store of storesWith(redis)) figures.push(...(await figuresOf(world, store, runs)))
    return {
      figures,
      notes: [
        'Calls and micro-dollars of speech alone; the voice note from the moment Telegram begins to deliver. Statements as',
        'in the part of that name: what the cache adds for all lessons of a second is written beside them, not counted.',
        ...(redis === undefined ? ['There is no redis-server here.'] : []),
      ],
    }
  } finally {
    await redis?.kill()
    await world.close()
  }
}

type Store = { name: string; env: NodeJS.Dict<string> }

function storesWith(redis: RedisServer | undefined): Store[] {
  const env = { CACHE_MAX_MB: '200' }
  const stores = [
    { name: 'no cache', env: { CACHE_MAX_MB: '0' } },
    { name: 'PostgreSQL', env },
  ]
  return redis === undefined
    ? stores
    : [...stores, { name: 'Redis', env: { ...env, REDIS_URL: redis.url } }]
}

async function figuresOf(
  world: World,
  { name: store, env }: Store,
  runs: number,
): Promise<Figure[]> {
  const tap = await openPostgresTap(world.env.DATABASE_URL ?? '')
  const learner = await newLearner(world, store.length * 1_000)
  const costs = { first: [] as Cost[], again: [] as Cost[] }
  await withInstance(world, { ...env, DATABASE_URL: tap.url }, async () => {
    // The first lesson is not counted: it loads the worker.
    for (const [at, text] of TOPIC_UTTERANCES.slice(0, runs + 1).entries()) {
      const first = await costOf(world, tap, learner, text)
      const repeatCost = await costOf(world, tap, learner, text)
      if (at === 0) continue
      costs.first.push(first)
      costs.again.push(repeatCost)
    }
  })
  await tap.close()
  const isCached = env.CACHE_MAX_MB !== '0'
  const figure = (name: string, unit: string, of: (cost: Cost) => number, isFreeAgain = false) =>
    (['first', 'again'] as const).map((time) => ({
      label: `${store}, ${time === 'first' ? 'new sentences' : 'the same sentences'}: ${name}`,
      unit,
      values: costs[time].map(of),
      ...(time === 'again' && isFreeAgain && { limit: 0 }),
    }))
  return [
    ...figure('calls', '', ({ calls }) => calls, isCached),
    ...figure('cost', 'µ$', ({ microUsd }) => microUsd, isCached),
    ...figure('statements', '', ({ statements }) => statements),
    ...figure('voice note', 'ms', ({ lesson }) => lesson.voiceAt - lesson.sentAt),
  ]
}

/** Takes a voice lesson in which this is heard, and says what its speech has cost. */
async function costOf(
  world: World,
  { statements }: PostgresTap,
  learner: Learner,
  text: string,
): Promise<Cost> {
  const before = await speechCostIn(world)
  const statementsBefore = statements.length
  const lesson = await takeLesson(world, learner, 'voice', hearing(world, text))
  await delay(WRITING_MS)
  return {
    lesson,
    calls: lesson.requests.filter(({ stage }) => stage === 'speak').length,
    microUsd: (await speechCostIn(world)) - before,
    statements: statementsOfWork(statements.slice(statementsBefore)).length,
  }
}

async function speechCostIn({ db }: World): Promise<number> {
  const rows = await db
    .selectFrom('usage')
    .select('micro_usd')
    .where('stage', '=', 'speak')
    .execute()
  return rows.reduce((sum, { micro_usd: cost }) => sum + (cost ?? 0), 0)
}
