import {
  isLiteralElement,
  isPluralElement,
  isPoundElement,
  isSelectElement,
  isTagElement,
  type MessageFormatElement,
  parse,
} from '@formatjs/icu-messageformat-parser'
import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  type InterfaceLanguage,
  interfaceLanguage,
  languageFor,
  languageName,
} from '../../../lib/bot/texts/language.ts'
import { TEXTS, type TextArguments, type TextKey, text } from '../../../lib/bot/texts/texts.ts'

const LANGUAGES = ['ru', 'uk', 'en', 'cs'] as const
const KEYS = Object.keys(TEXTS.en) as TextKey[]

/** One value for every argument there is: the type demands them all and no others. */
const SAMPLES: TextArguments = {
  'native.chosen': { language: 'Tiếng Việt' },
  'level.chosen': { level: 'A2' },
  'zone.notFound': { words: 'Brnoo' },
  'zone.confirm': { zone: 'Europe/Prague', time: '18:05' },
  'gender.chosen': { gender: 'feminine' },
  'help.send': { maxSeconds: 60, minLength: 2, maxLength: 2000 },
  'help.tryFirst': { button: 'Let me try first' },
  'retake.ask': { button: 'It wasn’t a lesson' },
  'help.plan': { voice: 5, text: 6 },
  'help.stars': { stars: 1, goodScore: 80, minWords: 4 },
  'help.streak': { weekDays: 7, weekStars: 2, monthDays: 30, monthStars: 5 },
  'help.challenge': { lessons: 5, stars: 5 },
  'privacy.keptForAWhile': { days: 30, speechDays: 7, translationDays: 30 },
  'delete.ask': { days: 30 },
  'privacy.voice': { turns: 10 },
  'text.tooShort': { min: 2 },
  'text.tooLong': { length: 2001, max: 2000 },
  'voice.tooLong': { seconds: 75, max: 60 },
  'voice.otherFormat': { format: 'AMR' },
  'voice.otherLanguage': { language: 'Polish' },
  'verdict.score': { score: 67 },
  'stars.earned': { count: 4, total: 1204 },
  'stars.lesson': { count: 1 },
  'stars.goodScore': { count: 1 },
  'stars.streak': { count: 2 },
  'streak.days': { days: 12 },
  'challenge.progress': { done: 3, goal: 5 },
  'challenge.completed': { stars: 5 },
  'reply.label': { character: 'honzik' },
  'quota.usedUp': { kind: 'voice', limit: 5, unit: 'hours', amount: 5 },
  'quota.usedUpToday': { kind: 'voice', limit: 5 },
  'quota.none': { kind: 'voice' },
  'quota.left': { kind: 'text', count: 2 },
  'quota.unheardUsedUp': { unit: 'minutes', amount: 5 },
}

/** What is shown for a moment above the chat. */
const POP_UPS = [
  'aside.underWay',
  'aside.done',
  'aside.usedUp',
  'aside.failed',
  'retake.asked',
  'hint.answered',
  'unsupported.button',
  'failure.press',
] as const

describe('the texts of a language', () => {
  it.each(LANGUAGES)('the language %s has every text, and none is empty', (language) => {
    expect(Object.keys(TEXTS[language])).toEqual(KEYS)
    expect(Object.values(TEXTS[language]).filter((message) => message.trim() === '')).toEqual([])
  })

  it.each(LANGUAGES)(
    'the texts in %s use exactly the declared arguments, in every plural form',
    (language) => {
      for (const key of KEYS) {
        const declaredNames = new Set(Object.keys(sampleOf(key)))
        expect(argumentsOf(parseText(language, key), 'all branches'), key).toEqual(declaredNames)
        expect(argumentsOf(parseText(language, key), 'any branch'), key).toEqual(declaredNames)
      }
    },
  )

  it.each(LANGUAGES)('the texts in %s say the number in every plural form', (language) => {
    const mute = KEYS.filter((key) =>
      pluralFormsOf(parseText(language, key)).some((form) => !form.some(isPoundElement)),
    )
    expect(mute).toEqual([])
  })

  it.each(LANGUAGES)(
    'the texts in %s are plain, without markup or quotes that ICU would swallow',
    (language) => {
      expect(KEYS.filter((key) => /[<>']|&\w+;/.test(TEXTS[language][key]))).toEqual([])
    },
  )

  it.each(LANGUAGES)(
    'the texts in %s fit Telegram’s menu, pop-ups, captions and fields',
    (language) => {
      for (const key of KEYS.filter((candidate) => candidate.startsWith('command.'))) {
        expect(TEXTS[language][key].length, key).toBeLessThanOrEqual(256)
      }
      expect(text(language, 'profile.description').length).toBeLessThanOrEqual(512)
      expect(text(language, 'profile.about').length).toBeLessThanOrEqual(120)
      expect(text(language, 'export.caption').length).toBeLessThanOrEqual(1024)
      expect(text(language, 'retake.placeholder').length).toBeLessThanOrEqual(64)
      for (const key of POP_UPS) expect(TEXTS[language][key].length, key).toBeLessThanOrEqual(200)
    },
  )

  it.each([
    ['ru', /["“]|\s–\s/],
    ['uk', /["“]|\s–\s/],
    ['en', /["„«»]|\s—\s/],
    ['cs', /["«»”]|\s—\s/],
  ] as const)(
    'the texts in %s have the quotes and dashes of its own typography',
    (language, foreign) => {
      expect(KEYS.filter((key) => foreign.test(TEXTS[language][key]))).toEqual([])
    },
  )

  it.each(LANGUAGES)(
    'the texts in %s say nothing of the bot or the learner as a man or a woman',
    (language) => {
      const pastSingular = {
        ru: /(?<!\p{L})(?:я|ты)(?: \p{L}+){0,2} \p{L}+(?:л|ла|лся|лась)(?!\p{L})/iu,
        uk: /(?<!\p{L})(?:я|ти)(?: \p{L}+){0,2} \p{L}+(?:в|ла|вся|лась)(?!\p{L})/iu,
        en: /(?!)/,
        cs: /(?<!\p{L})(?:jsem|jsi|bych|bys)(?!\p{L})/iu,
      }
      // The texts that are left out say in Czech who speaks, or how.
      const genderlessKeys = KEYS.filter((key) => !/^(?:welcome\.new|gender\.)/.test(key))
      expect(
        genderlessKeys.filter((key) => pastSingular[language].test(TEXTS[language][key])),
      ).toEqual([])
    },
  )

  it.each(LANGUAGES)('the greeting in %s begins with a line of Czech', (language) => {
    expect(text(language, 'welcome.new')).toMatch(/^Ahoj! Já jsem Honzík z Prahy\.\n/)
  })
})

describe('the language of the texts', () => {
  it('no Ukrainian text has Russian letters or words, and no Russian text Ukrainian ones', () => {
    const russian = /[ыэёъ]|(?<!\p{L})(?:как|что|это|или|нет|если|только)(?!\p{L})/iu
    const ukrainian = /[іїєґ]|(?<!\p{L})(?:як|що|це|або|немає|якщо|лише)(?!\p{L})/iu
    const saysBesides = (language: InterfaceLanguage, otherLanguage: RegExp) =>
      KEYS.filter((key) => otherLanguage.test(TEXTS[language][key]))
    expect(saysBesides('uk', russian)).toEqual([])
    expect(saysBesides('ru', ukrainian)).toEqual([])
  })

  it('no verdict speaks as a man: paní Nováková answers, too', () => {
    for (const key of ['verdict.ungraded', 'verdict.doubtful'] as const) {
      for (const language of LANGUAGES)
        expect(text(language, key), language).not.toMatch(
          /уверен |расслышал|впевнений|розчув|jistý|slyšel|přeslechl/,
        )
    }
  })

  it('a recording is so many seconds long, and a Czech preposition before tv- has its vowel', () => {
    expect(text('en', 'voice.tooLong', { seconds: 62, max: 60 })).toMatch(/is 62 seconds long/)
    expect(KEYS.filter((key) => /(?<!\p{L})v tv/iu.test(TEXTS.cs[key]))).toEqual([])
  })

  it('what a day has is called a limit or its lessons, and no plan', () => {
    for (const language of ['ru', 'uk', 'cs'] as const) {
      const calledPlans =
        /дневной план|план (?:дня|на день)|денн(?:ий|ого) план|denní(?:ho)? plán/iu
      expect(KEYS.filter((key) => calledPlans.test(TEXTS[language][key]))).toEqual([])
    }
  })
})

describe('plural forms', () => {
  const forms: [InterfaceLanguage, (count: number) => string, Record<number, string>][] = [
    [
      'ru',
      (days) => text('ru', 'streak.days', { days }),
      {
        1: 'Серия: 1 день',
        2: 'Серия: 2 дня',
        5: 'Серия: 5 дней',
        11: 'Серия: 11 дней',
        21: 'Серия: 21 день',
        22: 'Серия: 22 дня',
      },
    ],
    [
      'uk',
      (days) => text('uk', 'streak.days', { days }),
      {
        1: 'Серія: 1 день',
        2: 'Серія: 2 дні',
        5: 'Серія: 5 днів',
        11: 'Серія: 11 днів',
        21: 'Серія: 21 день',
        22: 'Серія: 22 дні',
      },
    ],
    [
      'cs',
      (days) => text('cs', 'streak.days', { days }),
      {
        1: 'Série: 1 den',
        2: 'Série: 2 dny',
        5: 'Série: 5 dní',
        11: 'Série: 11 dní',
        21: 'Série: 21 dní',
        22: 'Série: 22 dní',
      },
    ],
    [
      'en',
      (days) => text('en', 'streak.days', { days }),
      { 1: 'Streak: 1 day', 2: 'Streak: 2 days', 21: 'Streak: 21 days' },
    ],
    [
      'ru',
      (stars) => text('ru', 'challenge.completed', { stars }),
      {
        1: 'Задание дня выполнено: +1 звезда',
        2: 'Задание дня выполнено: +2 звезды',
        5: 'Задание дня выполнено: +5 звёзд',
        11: 'Задание дня выполнено: +11 звёзд',
        21: 'Задание дня выполнено: +21 звезда',
        22: 'Задание дня выполнено: +22 звезды',
      },
    ],
    [
      'uk',
      (stars) => text('uk', 'challenge.completed', { stars }),
      {
        1: 'Завдання дня виконано: +1 зірка',
        2: 'Завдання дня виконано: +2 зірки',
        5: 'Завдання дня виконано: +5 зірок',
        11: 'Завдання дня виконано: +11 зірок',
        21: 'Завдання дня виконано: +21 зірка',
        22: 'Завдання дня виконано: +22 зірки',
      },
    ],
    [
      'cs',
      (stars) => text('cs', 'challenge.completed', { stars }),
      {
        1: 'Denní výzva splněna: +1 hvězdička',
        2: 'Denní výzva splněna: +2 hvězdičky',
        5: 'Denní výzva splněna: +5 hvězdiček',
        11: 'Denní výzva splněna: +11 hvězdiček',
        21: 'Denní výzva splněna: +21 hvězdiček',
        22: 'Denní výzva splněna: +22 hvězdiček',
      },
    ],
    [
      'ru',
      (amount) => text('ru', 'quota.usedUp', { kind: 'voice', limit: 5, unit: 'hours', amount }),
      {
        1: 'Голосовые уроки на сегодня закончились (5 в день). Новые появятся через 1 час.',
        2: 'Голосовые уроки на сегодня закончились (5 в день). Новые появятся через 2 часа.',
        5: 'Голосовые уроки на сегодня закончились (5 в день). Новые появятся через 5 часов.',
        21: 'Голосовые уроки на сегодня закончились (5 в день). Новые появятся через 21 час.',
      },
    ],
    [
      'uk',
      (amount) => text('uk', 'quota.usedUp', { kind: 'text', limit: 6, unit: 'minutes', amount }),
      {
        1: 'Текстові уроки на сьогодні закінчилися (6 на день). Нові з’являться через 1 хвилину.',
        22: 'Текстові уроки на сьогодні закінчилися (6 на день). Нові з’являться через 22 хвилини.',
        11: 'Текстові уроки на сьогодні закінчилися (6 на день). Нові з’являться через 11 хвилин.',
      },
    ],
    [
      'cs',
      (amount) => text('cs', 'quota.usedUp', { kind: 'voice', limit: 5, unit: 'hours', amount }),
      {
        1: 'Hlasové lekce na dnešek jsou vyčerpané (5 denně). Další budou za 1 hodinu.',
        2: 'Hlasové lekce na dnešek jsou vyčerpané (5 denně). Další budou za 2 hodiny.',
        22: 'Hlasové lekce na dnešek jsou vyčerpané (5 denně). Další budou za 22 hodin.',
      },
    ],
    [
      'ru',
      (count) => text('ru', 'quota.left', { kind: 'voice', count }),
      {
        1: 'На сегодня остался ещё 1 голосовой урок.',
        2: 'На сегодня осталось ещё 2 голосовых урока.',
        5: 'На сегодня осталось ещё 5 голосовых уроков.',
      },
    ],
    [
      'uk',
      (count) => text('uk', 'quota.left', { kind: 'text', count }),
      {
        1: 'На сьогодні лишився ще 1 текстовий урок.',
        2: 'На сьогодні лишилося ще 2 текстові уроки.',
        6: 'На сьогодні лишилося ще 6 текстових уроків.',
      },
    ],
    [
      'en',
      (count) => text('en', 'quota.left', { kind: 'voice', count }),
      { 1: 'You have 1 voice lesson left today.', 2: 'You have 2 voice lessons left today.' },
    ],
    [
      'cs',
      (count) => text('cs', 'quota.left', { kind: 'voice', count }),
      {
        1: 'Na dnešek zbývá ještě 1 hlasová lekce.',
        2: 'Na dnešek zbývají ještě 2 hlasové lekce.',
        5: 'Na dnešek zbývá ještě 5 hlasových lekcí.',
      },
    ],
    [
      'ru',
      (max) => text('ru', 'voice.tooLong', { seconds: 72, max }),
      {
        60: 'В записи 72 секунды, а я слушаю до 60 секунд. Запиши покороче!',
        21: 'В записи 72 секунды, а я слушаю до 21 секунды. Запиши покороче!',
      },
    ],
  ]
  const rows = forms.flatMap(([language, say, sentences]) =>
    Object.entries(sentences).map(([count, sentence]) => ({ language, say, count, sentence })),
  )
  it.each(rows)(
    'the number $count has its plural form in $language: $sentence',
    ({ say, count, sentence }) => {
      expect(say(Number(count))).toBe(sentence)
    },
  )
})

describe('the interface language', () => {
  it.each([
    ['ru', 'ru'],
    ['ru-RU', 'ru'],
    ['be', 'ru'],
    ['kk', 'ru'],
    ['UK_ua', 'uk'],
    ['cs', 'cs'],
    ['sk', 'cs'],
    ['en-GB', 'en'],
    ['vi', 'en'],
    ['', 'en'],
    ['not a language', 'en'],
    [undefined, 'en'],
  ])('the interface language for %s is %s', (native, language) => {
    expect(interfaceLanguage(native)).toBe(language)
  })
})

describe('the language to address a learner in', () => {
  it.each([
    ['follow', 'uk', 'cs', 'uk'],
    ['follow', 'sk', 'vi', 'cs'],
    ['follow', 'pl', 'uk', 'uk'],
    ['follow', 'de', 'sk', 'cs'],
    ['follow', 'de', undefined, 'en'],
    ['cs', 'uk', 'en', 'cs'],
    ['en', 'cs', 'cs', 'en'],
  ] as const)(
    'of the setting %s, the native language %s and an app in %s it is %s',
    (interfaceLanguage, nativeLanguage, appLanguage, language) => {
      expect(languageFor({ interfaceLanguage, nativeLanguage }, appLanguage)).toBe(language)
    },
  )
})

describe('the name of a language', () => {
  it.each([
    ['ru', 'pl', 'польский'],
    ['uk', 'ru', 'російська'],
    ['cs', 'uk', 'ukrajinština'],
    ['en', 'sk', 'Slovak'],
    ['en', 'qq', 'qq'],
    ['en', '<b>', '<b>'],
    ['cs', '', ''],
  ] as const)('the name in %s of %s is %s', (language, code, name) => {
    expect(languageName(language, code)).toBe(name)
  })
})

it('a text with arguments demands them, and one without takes none', () => {
  expectTypeOf(text<'streak.days'>).parameters.toEqualTypeOf<
    [InterfaceLanguage, 'streak.days', args: { days: number }]
  >()
  expectTypeOf(text<'verdict.tip'>).parameters.toEqualTypeOf<[InterfaceLanguage, 'verdict.tip']>()
  expect(text('en', 'verdict.tip')).toBe('Tip')
})

function parseText(language: InterfaceLanguage, key: TextKey): MessageFormatElement[] {
  return parse(TEXTS[language][key], { ignoreTag: true })
}

function sampleOf(key: TextKey): object {
  const samples: Partial<Record<TextKey, object>> = SAMPLES
  return samples[key] ?? {}
}

/** The arguments that a message reads in all of its branches, or in any of them. */
function argumentsOf(
  message: MessageFormatElement[],
  scope: 'all branches' | 'any branch',
): Set<string> {
  const names = new Set<string>()
  for (const element of message) {
    if (isLiteralElement(element) || isPoundElement(element) || isTagElement(element)) continue
    names.add(element.value)
    if (!isPluralElement(element) && !isSelectElement(element)) continue
    const branches = Object.values(element.options).map(({ value }) => argumentsOf(value, scope))
    for (const name of branches.flatMap((branch) => [...branch])) {
      if (scope === 'any branch' || branches.every((branch) => branch.has(name))) names.add(name)
    }
  }
  return names
}

function pluralFormsOf(message: MessageFormatElement[]): MessageFormatElement[][] {
  return message.flatMap((element) => {
    if (!isPluralElement(element) && !isSelectElement(element)) return []
    const branches = Object.values(element.options).map(({ value }) => value)
    const within = branches.flatMap(pluralFormsOf)
    return isPluralElement(element) ? [...branches, ...within] : within
  })
}
