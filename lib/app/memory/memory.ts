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

/** What a memory job reads: the facts so far, and the exchanges of the lessons with `after` < id <= `upto`, oldest first. */
export type Notebook = {
  learner: Learner
  facts: Fact[]
  exchanges: Exchange[]
  after: number
  upto: number
}

/** The changes found in the lessons of a notebook. They hold while the lessons still have the utterances of these jobs. */
export type Finding = FactChanges & Pick<Notebook, 'after' | 'upto'> & { jobIds: number[] }

export type Memory = {
  /** What is remembered of a learner, oldest first. */
  factsOf(learnerId: number): Promise<Fact[]>
  /** The newest lessons in which no facts were looked for yet; undefined where there are none, or the learner has memory off. */
  notebookOf(learnerId: number, maxLessons: number): Promise<Notebook | undefined>
  /**
   * Makes the changes of a finding in one transaction, except those from lessons that were taken back. Returns false, and
   * changes nothing, where the learner has deleted something since, or the lessons were looked at already.
   */
  keep(fence: Fence, learnerId: number, finding: Finding): Promise<boolean>
  /** Deletes the fact with this id, or all facts. Nothing said until now brings one back. */
  forget(fence: Fence, learnerId: number, selection: number | 'all'): Promise<void>
  /** Turns remembering on or off; off deletes all facts. Facts are never looked for in what was said before. */
  turn(fence: Fence, learnerId: number, remembers: boolean): Promise<void>
  /** Begins a new conversation: what was said until now belongs to an earlier one. */
  beginConversation(fence: Fence, learnerId: number): Promise<void>
}
