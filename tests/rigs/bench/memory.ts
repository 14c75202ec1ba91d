import { fieldOf } from '../../../scripts/studio/openai/schema.ts'
import type { Learner } from '../../../scripts/studio/telegram/learner.ts'
import { memoryMbOf } from '../process-usage.ts'
import type { World } from '../world.ts'
import {
  firstUtterance,
  isDone,
  newLearner,
  openLessonWorld,
  sends,
  takeLesson,
  until,
  withInstance,
} from './lesson-world.ts'
import type { Measured, Part, PartOptions } from './part.ts'

/** How much memory a process needs that gives many lessons at once. */
export const MEMORY: Part = {
  name: 'memory',
  about: 'one process with 200 voice lessons at once, at the provider’s pace: its memory',
  run,
}

const LESSONS_AT_ONCE = 200
/** On two cores the encoding alone takes most of a minute, and failed calls are tried again. */
const PATIENCE_MS = 300_000

async function run(options: PartOptions): Promise<Measured> {
  const atOnce = Math.ceil(LESSONS_AT_ONCE * options.scale)
  const startMb: number[] = []
  const warmMb: number[] = []
  const highestMb: number[] = []
  const afterwardsMb: number[] = []
  const seconds: number[] = []
  const retries: number[] = []
  let complaints = ''
  for (let at = 0; at < (options.runs ?? 1); at += 1) {
    const world = await openLessonWorld(options.latency)
    try {
      await withInstance(world, {}, async ({ pid }) => {
        startMb.push(memoryMbOf(pid).now)
        await takeLesson(world, await newLearner(world, 1), 'voice', firstUtterance())
        warmMb.push(memoryMbOf(pid).now)
        const learners = await Promise.all(
          Array.from({ length: atOnce }, (_, index) => newLearner(world, 1_000 + index)),
        )
        const startedAt = performance.now()
        await teachAll(world, learners)
        seconds.push((performance.now() - startedAt) / 1000)
        highestMb.push(memoryMbOf(pid).highest)
        afterwardsMb.push(memoryMbOf(pid).now)
        retries.push(await retriedJobs(world))
        complaints = complaintsIn(world.output())
      })
    } finally {
      await world.close()
    }
  }
  const lessons = `${atOnce} lessons at once`
  return {
    figures: [
      { label: 'memory when it listens', unit: 'MB', values: startMb },
      { label: 'memory after one lesson', unit: 'MB', values: warmMb },
      { label: `memory at its highest, ${lessons}`, unit: 'MB', values: highestMb },
      { label: 'memory when they are over', unit: 'MB', values: afterwardsMb },
      { label: `${lessons}: until all are over`, unit: 's', values: seconds },
      { label: `${lessons}: jobs that took a second attempt`, unit: '', values: retries },
    ],
    notes: [
      'The process’s own memory in RAM (VmRSS, VmHWM), code and WebAssembly included.',
      `What it complained of, in its log: ${complaints || 'nothing'}.`,
    ],
  }
}

async function teachAll(world: World, learners: readonly Learner[]): Promise<void> {
  const updates = learners.map((learner) => sends(learner, 'voice', firstUtterance()))
  await until(world, async () => (await waitingJobs(world)) === 0, PATIENCE_MS)
  for (const update of updates) await isDone(world, update)
}

async function waitingJobs({ db, telegram }: World): Promise<number> {
  const { waiting: waitingCount } = await db
    .selectFrom('inbox')
    .select((row) => row.fn.countAll<number>().as('waiting'))
    .where('state', '=', 'waiting')
    .executeTakeFirstOrThrow()
  return waitingCount + telegram.pendingCount()
}

/** Warnings and errors by their events, and the errors' codes, with how often each came. */
function complaintsIn(output: string): string {
  const counts = new Map<string, number>()
  for (const line of output.split('\n')) {
    if (!/^\{"level":"(warn|error)"/.test(line)) continue
    const entry: unknown = JSON.parse(line)
    const parts = [fieldOf(entry, 'event'), fieldOf(entry, 'stage'), causeOf(entry)]
    const complaint = parts.filter((part) => part !== undefined).join(' ')
    counts.set(complaint, (counts.get(complaint) ?? 0) + 1)
  }
  return [...counts].map(([complaint, times]) => `${times} × ${complaint}`).join(', ')
}

function causeOf(entry: unknown): unknown {
  return fieldOf(entry, 'code') ?? fieldOf(entry, 'error', 'message') ?? fieldOf(entry, 'error')
}

async function retriedJobs({ db }: World): Promise<number> {
  const { jobs } = await db
    .selectFrom('inbox')
    .select((row) => row.fn.countAll<number>().as('jobs'))
    .where('attempts', '>', 1)
    .executeTakeFirstOrThrow()
  return jobs
}
