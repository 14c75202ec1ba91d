import { z } from 'zod'
import type { FactFinder } from '../../app/memory/fact-finder.ts'
import { findLanguage } from '../../domain/learner/languages.ts'
import { memoryPrompt } from '../../domain/prompts/memory.ts'
import { storable } from '../../domain/storable.ts'
import { askShortly } from './short-answer.ts'
import type { StageOptions } from './stage.ts'
import { format } from './tutor-answer.ts'

/** Characters of one exchange that are looked at: a minute of speech has some 900. */
const MAX_SAID_LENGTH = 900
const MAX_ASKED_LENGTH = 300

const Proposal = z.object({
  facts: z.array(
    z.object({ text: z.string().overwrite(storable), turn: z.int(), replaces: z.int() }),
  ),
  outdated: z.array(z.int()),
})
const PROPOSAL = format('facts', Proposal)

/** Finds facts by the model that tutors, in a short completion. What was said comes to it as JSON, apart from the instructions. */
export function openaiFactFinder(options: StageOptions): FactFinder {
  return {
    find({ learner, facts, exchanges }, work) {
      const languageName = findLanguage(learner.nativeLanguage)?.english ?? 'English'
      const material = {
        facts: facts.map(({ text }, index) => ({ number: index + 1, text })),
        turns: exchanges.map(({ replyBefore: asked, said }, index) => ({
          number: index + 1,
          asked: asked.slice(-MAX_ASKED_LENGTH).toWellFormed(),
          said: said.slice(0, MAX_SAID_LENGTH).toWellFormed(),
        })),
      }
      const prompt = {
        system: { sharedPart: memoryPrompt(languageName), ownPart: '' },
        turns: [{ role: 'user' as const, content: JSON.stringify(material) }],
        format: PROPOSAL,
        cacheKey: 'facts',
      }
      return askShortly(options, prompt, Proposal, work)
    },
  }
}
