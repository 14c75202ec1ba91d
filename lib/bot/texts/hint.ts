import type { FeatureTexts, NoArguments } from './feature-texts.ts'

/** The words for learners who try first. */
export type HintTexts = {
  'hint.tryAgain': NoArguments
  'hint.show': NoArguments
  'hint.answered': NoArguments
  'attempt.right': NoArguments
  'attempt.closer': NoArguments
  'attempt.wrong': NoArguments
}

export const hintTexts: FeatureTexts<HintTexts> = {
  ru: {
    'hint.tryAgain': 'Попробуй ещё раз, голосом или текстом.',
    'hint.show': 'Показать ответ',
    'hint.answered': 'Ответ уже в чате.',
    'attempt.right': 'Верно!',
    'attempt.closer': 'Почти!',
    'attempt.wrong': 'Пока нет.',
  },
  uk: {
    'hint.tryAgain': 'Спробуй ще раз, голосом або текстом.',
    'hint.show': 'Показати відповідь',
    'hint.answered': 'Відповідь уже в чаті.',
    'attempt.right': 'Правильно!',
    'attempt.closer': 'Майже!',
    'attempt.wrong': 'Поки що ні.',
  },
  en: {
    'hint.tryAgain': 'Try once more, by voice or text.',
    'hint.show': 'Show me',
    'hint.answered': 'The answer is in the chat already.',
    'attempt.right': 'Right!',
    'attempt.closer': 'Almost!',
    'attempt.wrong': 'Not yet.',
  },
  cs: {
    'hint.tryAgain': 'Zkus to ještě jednou, hlasem nebo textem.',
    'hint.show': 'Ukaž mi to',
    'hint.answered': 'Odpověď už v chatu je.',
    'attempt.right': 'Správně!',
    'attempt.closer': 'Skoro!',
    'attempt.wrong': 'Ještě ne.',
  },
}
