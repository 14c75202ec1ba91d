import { z } from 'zod'
import { fullLaneOf, type Inbox, type NewJob, type Wake } from '../../app/jobs/inbox.ts'

export const ASIDES = ['translate', 'slower', 'answers'] as const
export type AsideKind = (typeof ASIDES)[number]

/** The payload of a job that answers a press on a lesson. */
export const AsideRequest = z.object({
  kind: z.enum(ASIDES),
  /** Of the job whose messages the lesson has. */
  jobId: z.int(),
  telegramId: z.int(),
  /** The message that was pressed, and what it is. */
  messageId: z.int(),
  form: z.enum(['voice', 'file', 'text']),
  /** To address the learner in. */
  language: z.enum(['ru', 'uk', 'en', 'cs']),
})
export type AsideRequest = z.infer<typeof AsideRequest>

/**
 * Stores the job of a press, once for a lesson: for a press that has come while it runs, nothing more is done. One that has
 * failed runs again; one that is done only where a press is to bring it again (`repeats`). False where it is done.
 */
export async function requestAside(
  { inbox, wake }: { inbox: Inbox; wake: Wake },
  learnerId: number,
  request: AsideRequest,
  { repeats, pressedAt }: { repeats: boolean; pressedAt: Date },
): Promise<boolean> {
  const job: NewJob = {
    source: 'aside:tg',
    key: `${request.jobId}:${request.kind}`,
    lane: `aside:${learnerId}`,
    slots: 'lesson',
    payload: new TextEncoder().encode(JSON.stringify(request)),
    learnerId,
  }
  const addition = await inbox.add(job)
  if (addition === 'lane-full') {
    wake(fullLaneOf(job.lane), 'quick')
    return true
  }
  const storedJob = addition === 'duplicate' ? await inbox.find(job.source, job.key) : undefined
  if (storedJob?.state === 'done' && !repeats) return false
  const { finishedAt = null } = storedJob ?? {}
  // One that has ended since the press is its answer: the press's own job runs again where its process has died.
  if (storedJob !== undefined && finishedAt !== null && new Date(finishedAt) < pressedAt)
    await inbox.reopen(job, storedJob)
  // Of a duplicate, too: the process that the first press woke may have died.
  wake(job.lane, job.slots)
  return true
}
