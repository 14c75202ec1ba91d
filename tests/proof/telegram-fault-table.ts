import type { FaultRow } from './fault-row.ts'
import { FILE_FAULTS } from './telegram-file-faults.ts'
import { TELLING_FAULTS } from './telegram-lesson-faults.ts'
import { ONBOARDING_FAULTS } from './telegram-onboarding-faults.ts'
import { WORD_FAULTS } from './telegram-word-faults.ts'

/** Every fault of Telegram at every method that is called for a learner, and what they see of it. */
export const TELEGRAM_FAULTS: FaultRow[] = [
  ...FILE_FAULTS,
  ...TELLING_FAULTS,
  ...ONBOARDING_FAULTS,
  ...WORD_FAULTS,
]
