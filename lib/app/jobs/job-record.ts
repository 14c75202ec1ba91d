/** The states that an operator sorts jobs by: a parked one waits for them. */
export const JOB_STATES = ['waiting', 'parked', 'dead', 'poison'] as const
export type JobState = (typeof JOB_STATES)[number]

/** A job as an operator sees it: never what was said. */
export type JobRecord = {
  id: number
  source: string
  state: JobState | 'done'
  lane: string
  learnerId: number | null
  attempts: number
  /** Since it arrived. */
  ageSeconds: number
  /** The code of its newest failure. */
  errorCode: string | null
  /** The stage of the lesson whose provider has caused it. */
  stage: string | null
}

/** One entry of a job's journal: a step, and what became of it. */
export type JobStep = { step: string; state: 'started' | 'done'; sends: number }

/** What became of a request to change a job; `unchanged` names the state that it is in. */
export type JobChange =
  | { kind: 'changed' }
  | { kind: 'unchanged'; state: JobRecord['state'] }
  | { kind: 'forgotten' }
  | { kind: 'unknown' }
