import { expect, test } from 'vitest'
import type { JobRun } from '../../../lib/app/jobs/job.ts'
import type { LessonRefusal } from '../../../lib/app/lesson/lesson.ts'
import { logRefusal } from '../../../lib/app/lesson/log-refusal.ts'
import type { Fields } from '../../../lib/app/ports.ts'

const REFUSALS: [LessonRefusal, Fields][] = [
  [{ kind: 'voice-too-long', seconds: 75 }, { seconds: 75 }],
  [{ kind: 'voice-too-big' }, {}],
  [{ kind: 'text-too-long', length: 3_000 }, { length: 3_000 }],
  [{ kind: 'not-audio' }, {}],
  [{ kind: 'not-audio', format: 'AMR' }, { format: 'AMR' }],
  [{ kind: 'silence' }, {}],
  [{ kind: 'refused' }, {}],
  [{ kind: 'budget-used-up' }, {}],
  [{ kind: 'unheard-used-up', secondsLeft: 60 }, { seconds_left: 60 }],
  [{ kind: 'other-language', lessonKind: 'voice', language: 'ru' }, { language: 'ru' }],
  // The tutor's own words, which could be the learner's.
  [
    { kind: 'other-language', lessonKind: 'voice', language: 'řekla tajemství' },
    { language: null },
  ],
]

test.each(REFUSALS)(
  'a refusal is one line with its numbers and without words: %j',
  (refusal, details) => {
    const lines: [string, Fields | undefined][] = []
    const log = (event: string, fields?: Fields) => void lines.push([event, fields])
    const { job } = { job: { id: 7 } } as JobRun
    const outcome = logRefusal(
      { log: { debug: log, info: log, warn: log, error: log } },
      { job } as JobRun,
      { kind: 'voice', learnerId: 3 },
      refusal,
    )
    expect(outcome).toBe(refusal)
    const line = { job_id: 7, learner_id: 3, kind: 'voice', reason: refusal.kind, ...details }
    expect(lines).toEqual([['lesson_refused', line]])
  },
)
