import type { Fence } from './jobs/job.ts'

/** What a chat is told once, also where its cause comes again. */
export type Notices = {
  /**
   * Lets one job have a notice: true for the first that asks, and again when that one is tried again. After
   * `keepHours`, where given, another job may have it. Throws 'lease-lost'.
   */
  claim(job: Fence, notice: Notice): Promise<boolean>
  /** Tells whether a job has claimed a notice, in this run or an earlier one. */
  isClaimed(job: Fence, notice: Notice): Promise<boolean>
}

export type Notice = { chatId: number; name: string; keepHours?: number }
