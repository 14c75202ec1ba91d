import type { Fault } from '../../scripts/studio/telegram/faults.ts'
import {
  A_DAY,
  type Expectation,
  expectLesson,
  expectNoLesson,
  type FaultRow,
} from './fault-row.ts'
import { BLOCKED, busy, NO_RIGHTS, resets, SERVER_ERROR } from './telegram-injections.ts'

type Word = 'failure.delayed' | 'failure.dead'

/** The provider fails in one run of the job for `failure.delayed`, for a day for `failure.dead`. */
function word(textKey: Word, fault: string, cause: Fault, expectation: Expectation): FaultRow {
  const times = textKey === 'failure.delayed' ? 4 : A_DAY
  return {
    title: `sendMessage, when it says ${textKey}: ${fault}`,
    does: 'sends a voice note',
    speaks: 'by REST',
    troubles: [
      { openai: 'transcribe', fault: { kind: 'server-error' }, times },
      { telegram: 'sendMessage', textKey, fault: cause },
    ],
    expectation,
  }
}

const UNTOLD = expectLesson({
  waits: [1],
  requests: { transcribe: 5 },
  logCounts: { provider_retry: 3, processing_error: 1, apology_failed: 1 },
})
const TOLD: Expectation = { ...UNTOLD, sights: ['failure.delayed', 'verdict.score', 'voice'] }
const BURIED = expectNoLesson({
  sights: ['failure.delayed'],
  job: 'dead',
  waits: [1, 2, 4, 4, 1, 2, 4, 16, 1, 2, 4, 1, 2, 4],
  requests: { transcribe: 16 },
  logCounts: { provider_retry: 12, processing_error: 4, job_dead: 1, apology_failed: 1 },
})
const APOLOGISED: Expectation = { ...BURIED, sights: ['failure.delayed', 'failure.dead'] }

/** Faults of Telegram while an apology for a fault of OpenAI is sent: the job does not depend on its delivery. */
// biome-ignore format: a case a line
export const WORD_FAULTS: FaultRow[] = [
  word('failure.delayed', '500', SERVER_ERROR, UNTOLD),
  word('failure.delayed', '429, wait 30 s', busy(30), UNTOLD),
  word('failure.delayed', '400', NO_RIGHTS, UNTOLD),
  word('failure.delayed', '403', BLOCKED, UNTOLD),
  word('failure.delayed', 'reset after it is sent', resets('after'), TOLD),
  word('failure.dead', '500', SERVER_ERROR, BURIED),
  word('failure.dead', '429, wait 30 s', busy(30), BURIED),
  word('failure.dead', '403', BLOCKED, BURIED),
  word('failure.dead', 'reset after it is sent', resets('after'), APOLOGISED),
]
