import { hintAt } from './tutor/hints.ts'
import { PREPARED_ANSWERS, type PreparedAnswer } from './tutor/prepared-answers.ts'
import { type Language, RULES } from './tutor/rules.ts'
import { type KnownSentence, SENTENCES } from './tutor/sentences.ts'
import { TOPICS, type Topic } from './tutor/topics.ts'

/** The stand-in model's answer to a learner, with every field that a lesson's schema may demand. */
export type Answer = {
  reply: string
  said_language: string
  corrected_text: string
  mistakes: {
    original: string
    corrected: string
    category: string
    explanation_cs: string
    explanation_native: string
  }[]
  suggestion: string
  new_words: { czech: string; translation: string }[]
  /** Asked for where the learner tries first. */
  hint: string
  /** Asked for at the first steps only, as is the next. */
  reply_translation: string
  ready_answers: { czech: string; translation: string }[]
}

/**
 * What becomes of a sentence that the stand-in does not know: `right` apart from mistakes that are mistakes in any
 * sentence, or `ungraded`, by a correction that no lesson believes.
 */
export type UnknownSentences = 'right' | 'ungraded'

type FirstStepsAnswer = Pick<Answer, 'reply_translation' | 'ready_answers'>
type LessonAnswer = Omit<Answer, keyof FirstStepsAnswer | 'hint'>
type Manner = { isFormal: boolean; language: Language; unknownSentences: UnknownSentences }

/** Answers a learner as the system prompt's character, explaining in the language that it names. */
export function answerTo(
  utterance: string,
  systemPrompt: string,
  unknownSentences: UnknownSentences = 'right',
): Answer {
  const language = languageOf(systemPrompt)
  const isFormal = systemPrompt.includes('Nováková')
  const lesson = lessonAnswerTo(utterance, { isFormal, language, unknownSentences })
  // Asked about a reply, the utterance holds it; in a lesson it is the one just made.
  const topic = topicOf(utterance) ?? topicOf(lesson.reply)
  const firstSteps = topic ? firstStepsOf(topic, language) : FIRST_STEPS[language]
  return { ...lesson, ...firstSteps, hint: hintAt(lesson.mistakes[0], language) }
}

/** Tells whether an utterance is one of those that the stand-in knows by heart, or one of them corrected. */
export function isKnown(utterance: string): boolean {
  return (
    preparedFor(utterance) !== undefined ||
    sentenceOf(utterance) !== undefined ||
    rightAnswer(utterance, { isFormal: false, language: 'en' }) !== undefined
  )
}

function topicOf(text: string): Topic | undefined {
  return Object.values<Topic>(TOPICS).find(
    ({ reply }) => text.includes(reply.honzik) || text.includes(reply.novakova),
  )
}

function firstStepsOf({ translation, readyAnswers }: Topic, language: Language): FirstStepsAnswer {
  return {
    reply_translation: translation[language],
    ready_answers: translationsOf(readyAnswers, language),
  }
}

const FIRST_STEPS: Record<Language, FirstStepsAnswer> = {
  ru: {
    reply_translation: 'Здесь стоит перевод ответа.',
    ready_answers: [
      { czech: 'Ano, moc.', translation: 'Да, очень.' },
      { czech: 'Ne, děkuju.', translation: 'Нет, спасибо.' },
    ],
  },
  uk: {
    reply_translation: 'Тут стоїть переклад відповіді.',
    ready_answers: [
      { czech: 'Ano, moc.', translation: 'Так, дуже.' },
      { czech: 'Ne, děkuju.', translation: 'Ні, дякую.' },
    ],
  },
  en: {
    reply_translation: 'Here stands the translation of the reply.',
    ready_answers: [
      { czech: 'Ano, moc.', translation: 'Yes, a lot.' },
      { czech: 'Ne, děkuju.', translation: 'No, thank you.' },
    ],
  },
  cs: {
    reply_translation: 'Tady stojí překlad odpovědi.',
    ready_answers: [
      { czech: 'Ano, moc.', translation: 'Souhlasím.' },
      { czech: 'Ne, děkuju.', translation: 'Nechci.' },
    ],
  },
}

function lessonAnswerTo(utterance: string, manner: Manner): LessonAnswer {
  const answer = preparedFor(utterance)
  if (answer !== undefined) return preparedAnswer(answer, manner)
  const sentence = sentenceOf(utterance)
  if (sentence !== undefined) return sentenceAnswer(utterance, sentence, manner)
  return manner.unknownSentences === 'ungraded'
    ? (rightAnswer(utterance, manner) ?? ungradedAnswer(utterance, manner))
    : answerToUnknown(utterance, manner)
}

function preparedFor(utterance: string): PreparedAnswer | undefined {
  return PREPARED_ANSWERS.find(({ said }) => lettersOf(said) === lettersOf(utterance))
}

function sentenceOf(utterance: string): KnownSentence | undefined {
  return SENTENCES.find(({ said }) => lettersOf(said) === lettersOf(utterance))
}

function preparedAnswer(
  { reply, correctedText, mistakes, suggestion, newWords }: PreparedAnswer,
  { isFormal, language }: Pick<Manner, 'isFormal' | 'language'>,
): LessonAnswer {
  return {
    reply: isFormal ? reply.novakova : reply.honzik,
    said_language: 'cs',
    corrected_text: correctedText,
    mistakes: mistakes.map((mistake) => explanationsOf(mistake, language)),
    suggestion: suggestion[language],
    new_words: translationsOf(newWords, language),
  }
}

/** The answer to a sentence known by heart once it is corrected: the same, without a mistake. */
function rightAnswer(
  utterance: string,
  manner: Pick<Manner, 'isFormal' | 'language'>,
): LessonAnswer | undefined {
  const answers = [
    ...PREPARED_ANSWERS.map((entry) => preparedAnswer(entry, manner)),
    ...SENTENCES.map((sentence) => sentenceAnswer(sentence.said, sentence, manner)),
  ]
  const answer = answers.find(
    ({ corrected_text: text }) => lettersOf(text) === lettersOf(utterance),
  )
  return answer && { ...answer, corrected_text: utterance, mistakes: [], suggestion: '' }
}

function sentenceAnswer(
  utterance: string,
  { topic, mistakes }: KnownSentence,
  { isFormal, language }: Pick<Manner, 'isFormal' | 'language'>,
): LessonAnswer {
  const { reply } = TOPICS[topic]
  return {
    reply: isFormal ? reply.novakova : reply.honzik,
    said_language: 'cs',
    corrected_text: mistakes.reduce(
      (text, [original, corrected]) => text.replace(placeOf(original), corrected),
      utterance,
    ),
    mistakes: mistakes.map(([original, corrected, rule]) => {
      const { category, ...texts } = RULES[rule]
      const why = (code: Language) => texts[code].replace('{corrected}', corrected)
      return {
        original,
        corrected,
        category,
        explanation_cs: why('cs'),
        explanation_native: why(language),
      }
    }),
    suggestion: '',
    new_words: [],
  }
}

/** Says that it is a stand-in, and gives a correction in another script, which no lesson believes. */
function ungradedAnswer(utterance: string, { isFormal, language }: Manner): LessonAnswer {
  return {
    reply: isFormal
      ? 'Tuto větu neznám, jsem tu jen jako záskok. Řeknete mi, kde bydlíte?'
      : 'Tuhle větu neznám, jsem tu jen jako záskok. Řekneš mi, kde bydlíš?',
    said_language: languageSaid(utterance, language),
    corrected_text: 'Этого предложения я не знаю.',
    mistakes: [],
    suggestion: '',
    new_words: [],
  }
}

const FIRST_WORDS = 8
/** English, and what is in Cyrillic letters, are all that the stand-in tells from Czech. */
const ENGLISH = /\b(the|how|are|you|what|is|and)\b/i

function languageSaid(utterance: string, native: Language): string {
  const cyrillic = utterance.match(/\p{Script=Cyrillic}/gu)?.length ?? 0
  const letters = utterance.match(/\p{L}/gu)?.length ?? 0
  if (cyrillic * 2 > letters) return native === 'uk' ? 'uk' : 'ru'
  return ENGLISH.test(utterance) ? 'en' : 'cs'
}

/** Repeats the first words, asks for more, and finds the mistakes that are known by heart: the stand-in knows no Czech. */
function answerToUnknown(utterance: string, { isFormal, language }: Manner): LessonAnswer {
  const words = utterance.match(/[\p{L}\p{N}]+/gu) ?? []
  const firstWords = words.slice(0, FIRST_WORDS).join(' ')
  const mistakes = KNOWN_MISTAKES.filter(({ original }) => placeOf(original).test(utterance))
  return {
    reply: isFormal
      ? `Rozumím vám, ${firstWords}. Povíte mi o tom něco více?`
      : `Jasně, ${firstWords}. To mě zajímá, povíš mi o tom víc?`,
    said_language: languageSaid(utterance, language),
    corrected_text: mistakes.reduce(
      (text, { original, corrected }) => text.replace(placeOf(original), corrected),
      utterance,
    ),
    mistakes: mistakes.map((mistake) => explanationsOf(mistake, language)),
    suggestion: '',
    new_words: [],
  }
}

/** Those that are mistakes in any sentence: of a single word only its sentence says whether it is wrong. */
const KNOWN_MISTAKES = PREPARED_ANSWERS.flatMap(({ mistakes }) => mistakes).filter(({ original }) =>
  original.includes(' '),
)

function placeOf(words: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])${words}(?![\\p{L}\\p{N}])`, 'giu')
}

function explanationsOf(
  { explanation, ...mistake }: PreparedAnswer['mistakes'][number],
  language: Language,
): Answer['mistakes'][number] {
  return { ...mistake, explanation_cs: explanation.cs, explanation_native: explanation[language] }
}

function translationsOf(
  words: readonly { czech: string; translation: Readonly<Record<Language, string>> }[],
  language: Language,
): { czech: string; translation: string }[] {
  return words.map(({ czech, translation }) => ({ czech, translation: translation[language] }))
}

const LANGUAGES: Readonly<Record<string, Language>> = {
  Russian: 'ru',
  Ukrainian: 'uk',
  English: 'en',
  Czech: 'cs',
  // The nearest there is: an interface in Czech goes with it.
  Slovak: 'cs',
}

/** The language that a prompt names as the learner's own, of the four that the stand-in knows; Russian for the others. */
export function languageOf(systemPrompt: string): Language {
  const [, name = ''] = /^Native language: (\w+)/m.exec(systemPrompt) ?? []
  return LANGUAGES[name] ?? 'ru'
}

function lettersOf(text: string): string {
  return text
    .toLocaleLowerCase('cs')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}
