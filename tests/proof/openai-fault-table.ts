import type { FaultRow } from './fault-row.ts'
import { LESSON_FAULTS } from './openai-lesson-faults.ts'
import { SPEECH_FAULTS } from './openai-speech-faults.ts'

/** Every fault of OpenAI at every stage, and what becomes of the lesson. */
export const OPENAI_FAULTS: FaultRow[] = [...LESSON_FAULTS, ...SPEECH_FAULTS]
