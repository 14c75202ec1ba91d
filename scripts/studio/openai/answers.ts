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
  /** Asked for at the first steps only, as is the next. */
  reply_translation: string
  ready_answers: { czech: string; translation: string }[]
}

type Language = 'ru' | 'uk' | 'en'
type Translations = Record<Language, string>

/** An answer with its texts in each of the learners' languages, and one reply a character. */
type PreparedAnswer = {
  said: string
  reply: { honzik: string; novakova: string }
  correctedText: string
  mistakes: {
    original: string
    corrected: string
    category: string
    cs: string
    native: Translations
  }[]
  suggestion: Translations
  newWords: { czech: string; translation: Translations }[]
}

const PREPARED_ANSWERS: PreparedAnswer[] = [
  {
    said: 'Včera jsem šel do obchod a koupil jsem chleba.',
    reply: {
      honzik:
        'Čerstvý chleba, to je základ! Já si ho dávám nejradši s máslem a se solí. A kde vlastně bydlíš?',
      novakova:
        'To jste udělal dobře, čerstvý chleba je nejlepší. Nakupuji také ráno. A kde bydlíte, prosím?',
    },
    correctedText: 'Včera jsem šel do obchodu a koupil jsem chleba.',
    mistakes: [
      {
        original: 'do obchod',
        corrected: 'do obchodu',
        category: 'case',
        cs: 'Po předložce do je druhý pád: do obchodu.',
        native: {
          ru: 'После предлога do нужен родительный падеж, а у слова obchod он на -u: do obchodu.',
          uk: 'Після прийменника do потрібен родовий відмінок, а слово obchod має в ньому -u: do obchodu.',
          en: 'The preposition do takes the genitive, and obchod ends in -u there: do obchodu.',
        },
      },
    ],
    suggestion: {
      ru: 'Чех скажет короче: „Včera jsem si v obchodě koupil chleba“.',
      uk: 'Чех скаже коротше: „Včera jsem si v obchodě koupil chleba“.',
      en: 'A Czech would put it shorter: “Včera jsem si v obchodě koupil chleba”.',
    },
    newWords: [
      { czech: 'čerstvý', translation: { ru: 'свежий', uk: 'свіжий', en: 'fresh' } },
      { czech: 'máslo', translation: { ru: 'сливочное масло', uk: 'масло', en: 'butter' } },
    ],
  },
  {
    said: 'Já bydlím v Praha už dva roky.',
    reply: {
      honzik:
        'Dva roky, to už Prahu znáš! Já bydlím na Žižkově a mám to tam moc rád. Co ti v Praze nejvíc chutná?',
      novakova:
        'Dva roky, to už Prahu jistě dobře znáte. Těší mě, že se vám tu líbí. Které české jídlo vám chutná?',
    },
    correctedText: 'Já bydlím v Praze už dva roky.',
    mistakes: [
      {
        original: 'v Praha',
        corrected: 'v Praze',
        category: 'case',
        cs: 'Kde? Po předložce v je šestý pád: v Praze.',
        native: {
          ru: 'На вопрос «где?» после v нужен предложный падеж. Буква h в нём меняется на z: Praha, v Praze.',
          uk: 'На питання «де?» після v потрібен місцевий відмінок. Літера h у ньому змінюється на z: Praha, v Praze.',
          en: 'Where? After v comes the locative, and h turns into z in it: Praha, v Praze.',
        },
      },
    ],
    suggestion: {
      ru: '„Já“ обычно опускают, лицо видно из глагола: „Bydlím v Praze už dva roky“.',
      uk: '„Já“ зазвичай пропускають, особу видно з дієслова: „Bydlím v Praze už dva roky“.',
      en: 'Czechs leave “já” out, the verb says it already: “Bydlím v Praze už dva roky”.',
    },
    newWords: [
      { czech: 'znát', translation: { ru: 'знать', uk: 'знати', en: 'to know' } },
      {
        czech: 'chutnat',
        translation: { ru: 'быть по вкусу', uk: 'смакувати', en: 'to taste good' },
      },
    ],
  },
  {
    said: 'Mám rád česká jídlo, nejvíc svíčkovou.',
    reply: {
      honzik:
        'Svíčková je klasika, tu vaří nejlíp moje babička! Dělá k ní šest knedlíků. A co rád vaříš ty?',
      novakova:
        'Svíčkovou vařím každou neděli, s brusinkami a s knedlíkem. Recept mám po mamince. A co vaříte vy?',
    },
    correctedText: 'Mám rád české jídlo, nejvíc svíčkovou.',
    mistakes: [
      {
        original: 'česká jídlo',
        corrected: 'české jídlo',
        category: 'gender_number',
        cs: 'Jídlo je střední rod: české jídlo.',
        native: {
          ru: 'Слово jídlo среднего рода, поэтому прилагательное оканчивается на -é: české jídlo.',
          uk: 'Слово jídlo середнього роду, тому прикметник закінчується на -é: české jídlo.',
          en: 'The noun jídlo is neuter, so the adjective ends in -é: české jídlo.',
        },
      },
    ],
    suggestion: {
      ru: 'О любимом блюде говорят: „Nejradši mám svíčkovou“.',
      uk: 'Про улюблену страву кажуть: „Nejradši mám svíčkovou“.',
      en: 'Of a favourite dish you can say: “Nejradši mám svíčkovou”.',
    },
    newWords: [
      { czech: 'babička', translation: { ru: 'бабушка', uk: 'бабуся', en: 'grandmother' } },
      { czech: 'knedlík', translation: { ru: 'кнедлик', uk: 'кнедлик', en: 'dumpling' } },
    ],
  },
  {
    said: 'O víkendu jsem jel s kamarády do Brno, byli jsme tam dva dny, viděl jsem hrad a katedrála a jedli jsme dobré jídlo.',
    reply: {
      honzik:
        'Brno mám moc rád, bydlí tam moje sestra! Ten hrad se jmenuje Špilberk a je z něj vidět celé město. Příště zajdi na Zelný trh, mají tam skvělou kávu. A co ti v Brně chutnalo nejvíc?',
      novakova:
        'Brno je krásné město, studoval tam můj syn. Z hradu Špilberku je vidět na všechny strany. Příště navštivte také Zelný trh, je tam výborná káva. Co vám v Brně chutnalo nejvíce?',
    },
    correctedText:
      'O víkendu jsem jel s kamarády do Brna, byli jsme tam dva dny, viděl jsem hrad a katedrálu a jedli jsme dobré jídlo.',
    mistakes: [
      {
        original: 'do Brno',
        corrected: 'do Brna',
        category: 'case',
        cs: 'Po předložce do je druhý pád: do Brna.',
        native: {
          ru: 'После предлога do нужен родительный падеж: Brno, do Brna.',
          uk: 'Після прийменника do потрібен родовий відмінок: Brno, do Brna.',
          en: 'The preposition do takes the genitive: Brno, do Brna.',
        },
      },
      {
        original: 'katedrála',
        corrected: 'katedrálu',
        category: 'case',
        cs: 'Viděl jsem koho, co? Čtvrtý pád: katedrálu.',
        native: {
          ru: 'После „viděl jsem“ нужен винительный падеж: katedrála, katedrálu.',
          uk: 'Після „viděl jsem“ потрібен знахідний відмінок: katedrála, katedrálu.',
          en: 'What you saw is in the accusative: katedrála, katedrálu.',
        },
      },
    ],
    suggestion: {
      ru: 'О поездке на выходные говорят и „byli jsme v Brně na výletě“.',
      uk: 'Про поїздку на вихідні кажуть і „byli jsme v Brně na výletě“.',
      en: 'Of a weekend trip you can also say “byli jsme v Brně na výletě”.',
    },
    newWords: [
      { czech: 'hrad', translation: { ru: 'крепость', uk: 'фортеця', en: 'castle' } },
      { czech: 'trh', translation: { ru: 'рынок', uk: 'ринок', en: 'market' } },
    ],
  },
]

type LessonAnswer = Omit<Answer, 'reply_translation' | 'ready_answers'>

/** Answers a learner as the system prompt's character, explaining in the language that it names. */
export function answerTo(utterance: string, systemPrompt: string): Answer {
  const language = languageOf(systemPrompt)
  return { ...lessonAnswerTo(utterance, systemPrompt, language), ...FIRST_STEPS[language] }
}

const FIRST_STEPS: Record<Language, Omit<Answer, keyof LessonAnswer>> = {
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
}

function lessonAnswerTo(utterance: string, systemPrompt: string, language: Language): LessonAnswer {
  const isFormal = systemPrompt.includes('Nováková')
  const match = PREPARED_ANSWERS.find((answer) => lettersOf(answer.said) === lettersOf(utterance))
  if (match === undefined) return answerToUnknown(utterance, isFormal, language)
  return {
    reply: isFormal ? match.reply.novakova : match.reply.honzik,
    said_language: 'cs',
    corrected_text: match.correctedText,
    mistakes: match.mistakes.map((mistake) => explained(mistake, language)),
    suggestion: match.suggestion[language],
    new_words: match.newWords.map(({ czech, translation }) => ({
      czech,
      translation: translation[language],
    })),
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

/** Tells whether the whole answer to an utterance was written in advance. */
export function isPrepared(utterance: string): boolean {
  return PREPARED_ANSWERS.some((answer) => lettersOf(answer.said) === lettersOf(utterance))
}

/** Repeats the first words, asks for more, and finds the mistakes that are known by heart: the stand-in knows no Czech. */
function answerToUnknown(utterance: string, isFormal: boolean, language: Language): LessonAnswer {
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
    mistakes: mistakes.map((mistake) => explained(mistake, language)),
    suggestion: '',
    new_words: [],
  }
}

/** Those that are mistakes in any sentence: of a single word only its sentence says whether it is wrong. */
const KNOWN_MISTAKES = PREPARED_ANSWERS.flatMap(({ mistakes }) => mistakes).filter(({ original }) =>
  original.includes(' '),
)

function placeOf(words: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])${words}(?![\\p{L}\\p{N}])`, 'gu')
}

function explained(
  { cs, native, ...mistake }: PreparedAnswer['mistakes'][number],
  language: Language,
): Answer['mistakes'][number] {
  return { ...mistake, explanation_cs: cs, explanation_native: native[language] }
}

function languageOf(systemPrompt: string): Language {
  const [, name] = /^Native language: (\w+)/m.exec(systemPrompt) ?? []
  return name === 'Ukrainian' ? 'uk' : name === 'English' ? 'en' : 'ru'
}

function lettersOf(text: string): string {
  return text
    .toLocaleLowerCase('cs')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}
