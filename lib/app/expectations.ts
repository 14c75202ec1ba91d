import type { Fence } from './jobs/job.ts'

/** A question of ours that a reply to its message answers. */
export type Expectation = {
  /** The message that asks. */
  messageId: number
  /** Names the feature that asked. */
  kind: string
  /** What it is about, in that feature's own words: a lesson's id, say. */
  about: string
}

/** The kind of a hint: what the learner says next decides, whether it replies to the hint or not. */
export const HINT = 'hint'

/** A message as far as it decides what it answers. */
export type Answering = {
  jobId: number
  /** The number of the message; null for an update that is none. */
  messageId: number | null
  /** The message that it replies to. */
  replyTo: number | null
}

/** What the messages of a chat may answer: looked up with their sender (`Learners.findSender`). */
export type Expectations = {
  /** From here on a reply to the question answers it, for so many hours. */
  open(
    fence: Fence,
    question: Expectation & { chatId: number; learnerId: number; keepHours: number },
  ): Promise<void>
  /** Tells whether a learner has been asked this and has not answered. */
  isOpen(learnerId: number, question: Pick<Expectation, 'kind' | 'about'>): Promise<boolean>
  /** Notes that the job's message has answered it: no later message does, and this job's does at each of its runs. */
  close(fence: Fence, question: { chatId: number; messageId: number }): Promise<void>
  /**
   * Notes that the job answers it, where no other job does or has: of two at once one is the first, and a dead one has
   * answered nothing. `gone`: it was never asked, or has expired since.
   */
  claim(
    fence: Fence,
    learnerId: number,
    question: Pick<Expectation, 'kind' | 'about'>,
  ): Promise<'claimed' | 'answered' | 'gone'>
}
