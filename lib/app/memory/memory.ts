import type { Learner } from '../../domain/learner/learner.ts'
import type { Fact, FactChanges } from '../../domain/memory/facts.ts'
import type { Fence } from '../jobs/job.ts'

/** The source of the jobs that look for facts, in the slots of work that can wait. */
export const MEMORY_SOURCE = { source: 'memory:tg', slots: 'background' } as const

/** An exchange in which a learner may have told something about themselves. */
export type Exchange = {
  lessonId: number
  /** The job whose utterance the lesson has now. */
  jobId: number
  /** What the tutor had said before; empty where that is not known. */
  replyBefore: string
  said: string
}

/** What facts are looked for in: the lessons whose ids are above `after` and at most `upto`, oldest first, beside what is known. */
export type Notebook = {
  learner: Learner
  facts: Fact[]
  exchanges: Exchange[]
  after: number
  upto: number
}

/** What was found in the lessons of a notebook, as these jobs' words were. */
export type Finding = FactChanges & Pick<Notebook, 'after' | 'upto'> & { jobIds: number[] }

export type Memory = {
  /** What is remembered of a learner, oldest first. */
  factsOf(learnerId: number): Promise<Fact[]>
  /** The newest lessons in which no facts were looked for; undefined where there is none, or nothing is to be remembered. */
  notebookOf(learnerId: number, maxLessons: number): Promise<Notebook | undefined>
  /**
   * Makes the changes that were found, all of them or nothing, without what was said in lessons that were taken back.
   * False where the learner has deleted something since, or the lessons were looked at already.
   */
  keep(fence: Fence, learnerId: number, finding: Finding): Promise<boolean>
  /** Deletes the selected fact, by its id, or all. None comes back from what was said until now. */
  forget(fence: Fence, learnerId: number, selection: number | 'all'): Promise<void>
  /** Turns remembering on or off; off deletes all facts. Nothing that was said until now is remembered any more. */
  turn(fence: Fence, learnerId: number, remembers: boolean): Promise<void>
  /** Begins a new conversation: what was said until now belongs to an earlier one. */
  beginConversation(fence: Fence, learnerId: number): Promise<void>
}
