import { fieldOf } from '../../../scripts/studio/openai/schema.ts'
import type { Learner } from '../../../scripts/studio/telegram/learner.ts'
import { memoryMbOf } from '../process-usage.ts'
import type { World } from '../world.ts'
import {
  firstSpoken,
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
  const started: number[] = []
  const warm: number[] = []
  const highest: number[] = []
  const afterwards: number[] = []
  const seconds: number[] = []
  const again: number[] = []
  let complaints = ''
  for (let at = 0; at < (options.runs ?? 1); at += 1) {
    const world = await openLessonWorld(options.latency)
    try {
      await withInstance(world, {}, async ({ pid }) => {
        started.push(memoryMbOf(pid).now)
        await takeLesson(world, await newLearner(world, 1), 'voice', firstSpoken())
        warm.push(memoryMbOf(pid).now)
        const learners = await Promise.all(
          Array.from({ length: atOnce }, (_, index) => newLearner(world, 1_000 + index)),
        )
        const begun = performance.now()
        await allTaught(world, learners)
        seconds.push((performance.now() - begun) / 1000)
        highest.push(memoryMbOf(pid).highest)
        afterwards.push(memoryMbOf(pid).now)
        again.push(await retriedJobs(world))
        complaints = complaintsIn(world.output())
      })
    } finally {
      await world.close()
    }
  }
  const lessons = `${atOnce} lessons at once`
  return {
    figures: [
      { what: 'memory when it listens', unit: 'MB', values: started },
      { what: 'memory after one lesson', unit: 'MB', values: warm },
      { what: `memory at its highest, ${lessons}`, unit: 'MB', values: highest },
      { what: 'memory when they are over', unit: 'MB', values: afterwards },
      { what: `${lessons}: until all are over`, unit: 's', values: seconds },
      { what: `${lessons}: jobs that took a second attempt`, unit: '', values: again },
    ],
    notes: [
      'The process’s own memory in RAM (VmRSS, VmHWM), code and WebAssembly included.',
      `What it complained of, in its log: ${complaints || 'nothing'}.`,
    ],
  }
}

async function allTaught(world: World, learners: readonly Learner[]): Promise<void> {
  const updates = learners.map((learner) => sends(learner, 'voice', firstSpoken()))
  await until(world, async () => (await waitingJobs(world)) === 0, PATIENCE_MS)
  for (const update of updates) await isDone(world, update)
}

async function waitingJobs({ db, telegram }: World): Promise<number> {
  const { waiting } = await db
    .selectFrom('inbox')
    .select((row) => row.fn.countAll<number>().as('waiting'))
    .where('state', '=', 'waiting')
    .executeTakeFirstOrThrow()
  return waiting + telegram.pendingCount()
}

/** Warnings and errors by their events, and the errors' codes, with how often each came. */
function complaintsIn(printed: string): string {
  const counts = new Map<string, number>()
  for (const line of printed.split('\n')) {
    if (!/^\{"level":"(warn|error)"/.test(line)) continue
    const entry: unknown = JSON.parse(line)
    const told = [fieldOf(entry, 'event'), fieldOf(entry, 'stage'), causeOf(entry)]
    const what = told.filter((part) => part !== undefined).join(' ')
    counts.set(what, (counts.get(what) ?? 0) + 1)
  }
  return [...counts].map(([what, times]) => `${times} × ${what}`).join(', ')
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
