import type { FaultName } from '../../faults/view.ts'
import type { Act, ClockMove } from '../../view.ts'

/** What became of a request: why it could not be done, or undefined. */
export type Problem = string | undefined

export const act = (learnerId: number, learnerAct: Act): Promise<Problem> =>
  ask('/studio/act', json({ learnerId, act: learnerAct }))

export const addLearner = (name: string, language: string): Promise<Problem> =>
  ask('/studio/learners', json({ name, language }))

export const moveClock = (by: ClockMove): Promise<Problem> => ask('/studio/clock', json({ by }))

export const pressFault = (name: FaultName): Promise<Problem> =>
  ask('/studio/faults', json({ name }))

/** Sends a voice note: an Ogg file with Opus. */
export function sendVoice(learnerId: number, ogg: Blob, replyTo?: number): Promise<Problem> {
  const query = new URLSearchParams({ learner: String(learnerId) })
  if (replyTo !== undefined) query.set('replyTo', String(replyTo))
  return ask(`/studio/voice?${query}`, {
    body: ogg,
    headers: { 'content-type': 'audio/ogg' },
  })
}

/** Sends a picture, music or any other file. */
export function sendFile(learnerId: number, file: File, replyTo?: number): Promise<Problem> {
  const query = new URLSearchParams({ learner: String(learnerId), name: file.name })
  if (replyTo !== undefined) query.set('replyTo', String(replyTo))
  return ask(`/studio/file?${query}`, {
    body: file,
    headers: { 'content-type': 'application/octet-stream' },
  })
}

function json(value: object): RequestInit {
  return { body: JSON.stringify(value), headers: { 'content-type': 'application/json' } }
}

async function ask(path: string, init: RequestInit): Promise<Problem> {
  try {
    const response = await fetch(path, { method: 'POST', ...init })
    if (response.ok) return undefined
    const { error }: { error?: string } = await response.json()
    return error ?? `The studio answers ${response.status}.`
  } catch {
    // The page's edge: it says so, and the person tries again.
    return 'The studio does not answer. Is npm run dev still running?'
  }
}
