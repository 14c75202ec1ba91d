import type { Fault } from '../../scripts/studio/telegram/faults.ts'
import { type Expected, type FaultRow, FOR_GOOD, taught, untaught } from './fault-row.ts'
import { BLOCKED, busy, NO_RIGHTS, resets, SERVER_ERROR } from './telegram-injections.ts'

type Word = 'failure.delayed' | 'failure.dead'

/** The provider fails for one run of the job where it takes longer, for all six where it is dead. */
function word(saying: Word, fault: string, injected: Fault, expected: Expected): FaultRow {
  const times = saying === 'failure.delayed' ? 4 : FOR_GOOD
  return {
    title: `sendMessage, when it says ${saying}: ${fault}`,
    does: 'sends a voice note',
    speaks: 'by REST',
    troubles: [
      { openai: 'transcribe', fault: { kind: 'server-error' }, times },
      { telegram: 'sendMessage', saying, fault: injected },
    ],
    expected,
  }
}

const UNTOLD = taught({
  attempts: 2,
  asked: { transcribe: 5 },
  logged: { provider_retry: 3, processing_error: 1, apology_failed: 1 },
})
const TOLD: Expected = { ...UNTOLD, seen: ['failure.delayed', 'verdict.score', 'voice'] }
const BURIED = untaught({
  seen: ['failure.delayed'],
  job: 'dead',
  attempts: 6,
  asked: { transcribe: 24 },
  logged: { provider_retry: 18, processing_error: 6, job_dead: 1, apology_failed: 1 },
})
const APOLOGISED: Expected = { ...BURIED, seen: ['failure.delayed', 'failure.dead'] }

/** Faults of Telegram while a word is said about a fault of OpenAI: the job does not hang on its delivery. */
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
