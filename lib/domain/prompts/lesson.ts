import type { GenderSetting } from '../learner/gender.ts'
import type { Learner } from '../learner/learner.ts'
import { CHARACTER_PROMPTS } from './characters.ts'
import { factsPrompt } from './memory.ts'
import { TRAPS } from './native-languages.ts'
import { CORRECTIONS_ONLY, FIRST_STEPS_REST, HINT, HINT_REST, RULES } from './rules.ts'
import {
  BRIEF_PROMPT,
  CORRECTIONS_PROMPTS,
  FIRST_STEPS_CORRECTIONS,
  LEVEL_PROMPTS,
  PRACTICE_PROMPTS,
  STYLE_PROMPTS,
} from './settings.ts'

/** What of a learner the prompt depends on. */
export type PromptLearner = Pick<
  Learner,
  'level' | 'correctionsLevel' | 'style' | 'character' | 'nativeLanguage' | 'gender'
>

/** What a prompt has besides, from earlier lessons and by the learner's choice. */
export type PromptOptions = {
  practice?: keyof typeof PRACTICE_PROMPTS | undefined
  hasHint?: boolean
  isBrief?: boolean
  facts?: readonly string[]
}

export type LessonPrompt = {
  /** What is the same for all requests of the cache key, then what is this learner's. */
  system: { sharedPart: string; ownPart: string }
  correctionsOnly: string
  /** The answer's form has what only a learner at the first steps gets. */
  isFirstSteps: boolean
  /** It has a hint at the most important mistake, too. */
  hasHint: boolean
  cacheKey: string
}

/**
 * The instructions of a lesson; of what a learner says only the facts come into them, as quotations.
 *
 * The rules and the character come first and are the same for all learners of that character, so
 * that providers can cache them; what differs comes last. `languageName` is the native language's
 * name in English; `practice` is what the learner has got wrong most often lately, `facts` what they have told about themselves.
 * `hasHint` asks for a hint, for a learner who tries first; `isBrief` keeps the reply short, whatever the level
 * says.
 */
export function lessonPrompt(
  learner: PromptLearner,
  languageName: string,
  kind: 'voice' | 'text' = 'voice',
  { hasHint = false, facts = [], ...options }: PromptOptions = {},
): LessonPrompt {
  const isFirstSteps = learner.level === 'first_steps'
  return {
    system: {
      sharedPart: [CHARACTER_PROMPTS[learner.character], RULES].join('\n\n'),
      ownPart: [
        learnerPrompt(learner, languageName, kind, options),
        ...(hasHint ? [`# hint\n${HINT} It is in ${languageName}.`] : []),
        ...factsPrompt(facts),
      ].join('\n\n'),
    },
    correctionsOnly: [
      CORRECTIONS_ONLY,
      ...(isFirstSteps ? [FIRST_STEPS_REST] : []),
      ...(hasHint ? [HINT_REST] : []),
    ].join(' '),
    isFirstSteps,
    hasHint,
    // The form of the answer stands before the instructions in what OpenAI caches.
    cacheKey: `${isFirstSteps ? 'first-steps' : 'lesson'}${hasHint ? '-hint' : ''}-${learner.character}`,
  }
}

function learnerPrompt(
  learner: PromptLearner,
  languageName: string,
  kind: 'voice' | 'text',
  { practice, isBrief = false }: Pick<PromptOptions, 'practice' | 'isBrief'>,
): string {
  const traps = TRAPS[learner.nativeLanguage]
  return [
    '# This learner',
    `Native language: ${languageName} (${learner.nativeLanguage}). explanation_native, suggestion and the translations of new_words are in ${languageName}.`,
    ...(traps === undefined ? [] : [`What trips its speakers up in Czech: ${traps}`]),
    ...genderPrompt(learner.gender),
    LEVEL_PROMPTS[learner.level],
    STYLE_PROMPTS[learner.style],
    learner.level === 'first_steps'
      ? FIRST_STEPS_CORRECTIONS
      : CORRECTIONS_PROMPTS[learner.correctionsLevel],
    KIND_PROMPTS[kind],
    ...(practice === undefined || learner.level === 'first_steps'
      ? []
      : [
          `To practise next: ${PRACTICE_PROMPTS[practice]}. Ask your question so that a natural answer needs them, and do not say that you do.`,
        ]),
    ...(isBrief && learner.level !== 'first_steps' ? [BRIEF_PROMPT] : []),
  ].join('\n')
}

/** Nothing where the gender is not known: the rules have what to do then. */
export function genderPrompt(gender: GenderSetting): string[] {
  switch (gender) {
    case 'feminine':
      return [
        'The learner speaks of herself in the feminine (byla jsem, ráda bych). Address her so ("byla jsi"; formally "byla jste"), and where you have to put a past form about her into corrected_text, put it in so.',
      ]
    case 'masculine':
      return [
        'The learner speaks of himself in the masculine (byl jsem, rád bych). Address him so ("byl jsi"; formally "byl jste"), and where you have to put a past form about him into corrected_text, put it in so.',
      ]
    case 'unknown':
    case 'unsaid':
      return []
  }
}

const KIND_PROMPTS = {
  voice: `The learner speaks; a speech recogniser wrote the words down. Punctuation, capital letters and spelling are the recogniser's: never list them as mistakes and never use the category "spelling". A word that makes no sense where it stands was probably misheard: it stays unchanged in corrected_text, and no mistake is listed for it.`,
  text: `The learner types, often on a keyboard without Czech letters. Put missing diacritics right in corrected_text and list no mistake for them: the learner sees them without you. Wrong letters, i for y among them, are mistakes of the category "spelling"; they count among those that the corrections level allows, those that hinder understanding first. Capital letters and punctuation are no mistakes.`,
}
