import type { Language } from './rules.ts'

type Translations = Readonly<Record<Language, string>>

/** Asks for the rule behind a mistake, in the learner's own words; empty where there is none. */
export function hintAt(
  mistake: { original: string; category: string } | undefined,
  language: Language,
): string {
  if (mistake === undefined) return ''
  const { original, category } = mistake
  return (HINTS[category] ?? OTHER)[language].replace('{words}', original)
}

const HINTS: Readonly<Record<string, Translations>> = {
  case: {
    ru: 'Какой падеж нужен в „{words}“?',
    uk: 'Який відмінок потрібен у „{words}“?',
    en: 'Which case is needed in “{words}”?',
    cs: 'Který pád patří do „{words}“?',
  },
  verb: {
    ru: 'Какая форма глагола нужна в „{words}“?',
    uk: 'Яка форма дієслова потрібна у „{words}“?',
    en: 'Which form of the verb is needed in “{words}”?',
    cs: 'Který tvar slovesa patří do „{words}“?',
  },
  gender_number: {
    ru: 'Какого рода существительное в „{words}“?',
    uk: 'Якого роду іменник у „{words}“?',
    en: 'What gender is the noun in “{words}”?',
    cs: 'Jakého rodu je podstatné jméno v „{words}“?',
  },
  preposition: {
    ru: 'Какой предлог отвечает на этот вопрос в „{words}“?',
    uk: 'Який прийменник відповідає на це питання у „{words}“?',
    en: 'Which preposition answers the question in “{words}”?',
    cs: 'Která předložka odpovídá na otázku v „{words}“?',
  },
}

const OTHER: Translations = {
  ru: 'Посмотри ещё раз на „{words}“: чего тут не хватает?',
  uk: 'Поглянь ще раз на „{words}“: чого тут бракує?',
  en: 'Look at “{words}” once more: what is missing there?',
  cs: 'Podívej se ještě jednou na „{words}“: co tu chybí?',
}
