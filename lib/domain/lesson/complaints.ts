import type { CorrectionFault } from './correction-check.ts'

/** What a tutor is told of corrections that are not to be believed, when it is asked once more. */
export const COMPLAINTS: Readonly<Record<CorrectionFault, string>> = {
  'other-words':
    "The corrected_text that you gave was not the learner's utterance. Correct all that they said, from the first sentence to the last, in their own words, with the fewest changes.",
  'other-length':
    'The corrected_text that you gave was much longer or shorter than what the learner said. Correct all of it, and nothing else, with the fewest changes.',
  'other-script':
    'The corrected_text that you gave was not in Czech. It is the corrected Czech of what the learner said, never a translation.',
  'explanation-language':
    "The explanations that you gave were not in the learner's native language. Write explanation_native and suggestion in it; only quoted Czech stays Czech.",
}
