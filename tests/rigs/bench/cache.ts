import { setTimeout as delay } from 'node:timers/promises'
import type { Learner } from '../../../scripts/studio/telegram/learner.ts'
import { warmUpSpeech } from '../provider-times.ts'
import { HAS_REDIS, startRedis } from '../redis.ts'
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

/** What a reply costs whose sentences have been spoken before. */
export const CACHE: Part = {
  name: 'cache',
  about: 'a reply spoken for the first time, and the same sentences spoken again at no cost',
  run,
}

const RUNS = 5
/** After a lesson the entries of its sentences are written. */
const WRITING_MS = 1_500
type Cost = { lesson: TakenLesson; calls: number; microUsd: number }

async function run(options: PartOptions): Promise<Measured> {
  const runs = Math.min(options.runs ?? RUNS, TOPIC_UTTERANCES.length - 1)
  const world = await openLessonWorld(options.latency, { CACHE_MAX_MB: '200' })
  const redis = HAS_REDIS ? await startRedis() : undefined
  try {
    await warmUpSpeech(TOPIC_UTTERANCES)
    const figures = [
      ...(await figuresOf('PostgreSQL', world, {}, runs)),
      ...(redis === undefined
        ? []
        : await figuresOf('Redis', world, { REDIS_URL: redis.url }, runs)),
    ]
    return {
      figures,
      notes: [
        'Calls and micro-dollars of speech alone; the voice note from the moment Telegram begins to deliver.',
        ...(redis === undefined ? ['There is no redis-server here.'] : []),
      ],
    }
  } finally {
    await redis?.kill()
    await world.close()
  }
}

async function figuresOf(
  store: string,
  world: World,
  env: NodeJS.Dict<string>,
  runs: number,
): Promise<Figure[]> {
  const learner = await newLearner(world, store.length * 1_000)
  const costs = { first: [] as Cost[], again: [] as Cost[] }
  await withInstance(world, env, async () => {
    // The first lesson is not counted: it loads the worker.
    for (const [at, text] of TOPIC_UTTERANCES.slice(0, runs + 1).entries()) {
      const first = await costOf(world, learner, text)
      const again = await costOf(world, learner, text)
      if (at === 0) continue
      costs.first.push(first)
      costs.again.push(again)
    }
  })
  const figure = (name: string, unit: string, of: (cost: Cost) => number, limits: Limits = {}) =>
    (['first', 'again'] as const).map((time) => ({
      label: `${store}, ${time === 'first' ? 'new sentences' : 'the same sentences'}: ${name}`,
      unit,
      values: costs[time].map(of),
      ...(limits[time] !== undefined && { limit: limits[time] }),
    }))
  return [
    ...figure('calls', '', ({ calls }) => calls, { again: 0 }),
    ...figure('cost', 'µ$', ({ microUsd }) => microUsd, { again: 0 }),
    ...figure('voice note', 'ms', ({ lesson }) => lesson.voiceAt - lesson.sentAt),
  ]
}

type Limits = { first?: number; again?: number }

/** Takes a voice lesson in which this is heard, and says what its speech has cost. */
async function costOf(world: World, learner: Learner, text: string): Promise<Cost> {
  const before = await speechCostIn(world)
  const lesson = await takeLesson(world, learner, 'voice', hearing(world, text))
  await delay(WRITING_MS)
  return {
    lesson,
    calls: lesson.requests.filter(({ stage }) => stage === 'speak').length,
    microUsd: (await speechCostIn(world)) - before,
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
