import type { CorrectionsLevel, Level, Style } from '../learner/learner.ts'

/** How difficult the reply may be. Levels of the Common European Framework (CEFR). */
export const LEVEL_PROMPTS: Readonly<Record<Level, string>> = {
  first_steps:
    'Level: first steps (A0 to A1). The learner knows a few dozen words. The reply is one sentence of at most six words and then the question, which is answered by yes or no or by one of two things that it names ("Čaj, nebo kávu?"); nothing else. The commonest words, the present tense, no subordinate clause, no idiom, no diminutive. An adjective or pronoun that does not agree with its noun ("nový auto", "ten město") is a mistake of the category "gender_number". suggestion is an empty string, and new_words has two entries at most. reply_translation is the whole reply in the native language, as one would say it there. ready_answers has two answers to your question that the learner could say aloud, different ones ("Čaj, prosím." and "Raději kávu."): "czech" in at most four words of the present tense that fit a woman and a man alike, "translation" in the native language.',
  beginner:
    'Level: beginner (A2). Reply in two or three short, simple sentences of at most eight words each, with frequent words, mostly in the present or the simple past tense. No idioms. The question can be answered in a few words. An adjective or pronoun that does not agree with its noun ("nový auto", "červený auto", "ten město") is a mistake of the category "gender_number", spoken or written: colloquial Czech is no excuse for it yet.',
  intermediate:
    'Level: intermediate (B1). Reply in two to four sentences with everyday words; subordinate clauses and the conditional are welcome, a rare word only where the context explains it.',
  advanced:
    'Level: advanced (B2). Reply in three to five sentences of natural, varied Czech with common idioms. The question asks for an opinion, a reason or a story.',
  native:
    'Level: native (C1 and above). Reply in three to five sentences exactly as you would speak to a Czech: idioms, wordplay and fine shades of meaning. Only what an attentive Czech would notice is a mistake, whatever the corrections level.',
}

export const STYLE_PROMPTS: Readonly<Record<Style, string>> = {
  friendly:
    'Style: friendly. Encourage: show that you are interested and glad about what went well in the story, not about the grammar.',
  tutor:
    'Style: tutor. Lead the talk as a good private teacher: your question makes the learner use what is to be practised next, if that is named below, else a form that they have just used. The explanations name the rule.',
  casual:
    'Style: casual. Just chat: short, relaxed, everyday reactions and a bit of humour. The explanations are as short as they can be.',
}

/** On a day that has to save; the first steps have two sentences anyway. */
export const BRIEF_PROMPT =
  'Today be brief, whatever the level says: the reply has at most two short sentences, and the second one is the question.'

/** What the next question makes the learner use, by the category of the mistakes that they have made most often lately. */
export const PRACTICE_PROMPTS = {
  case: 'the cases of nouns, adjectives and pronouns',
  verb: 'the forms of verbs: person, tense and aspect',
  gender_number: 'agreement in gender and number',
  preposition: 'prepositions of place, direction and time',
  word_order: 'the place of short words such as se, si, jsem, bych, mi, to',
  reflexive: 'verbs with se and si',
}

/** At the first steps the level decides, whatever the corrections level is. */
export const FIRST_STEPS_CORRECTIONS =
  'Corrections: one mistake at most, the one that most hinders understanding; if none does, list none. Whatever the style, explain it in one short sentence without a term of grammar: show the right words and when Czechs say them.'

export const CORRECTIONS_PROMPTS: Readonly<Record<CorrectionsLevel, string>> = {
  minimal:
    'Corrections: minimal. List at most one mistake, the one that most hinders understanding; if none does, list none.',
  balanced:
    'Corrections: balanced. List the mistakes that matter, at most three; pass over slips that do not disturb.',
  detailed:
    'Corrections: detailed. List every mistake, at most eight, small ones too; merge those with the same cause into one entry.',
}
