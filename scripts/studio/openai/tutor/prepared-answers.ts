import type { Language } from './rules.ts'

type Translations = Readonly<Record<Language, string>>

/** An answer with its texts in each of the learners' languages, and one reply a character. */
export type PreparedAnswer = {
  said: string
  reply: { honzik: string; novakova: string }
  correctedText: string
  mistakes: {
    original: string
    corrected: string
    category: string
    explanation: Translations
  }[]
  suggestion: Translations
  newWords: { czech: string; translation: Translations }[]
}

/** The answers to the recorded voice notes. */
export const PREPARED_ANSWERS: readonly PreparedAnswer[] = [
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
        explanation: {
          cs: 'Po předložce do je druhý pád: do obchodu.',
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
      cs: 'Kratší je: „Včera jsem si v obchodě koupil chleba“.',
    },
    newWords: [
      {
        czech: 'čerstvý',
        translation: { ru: 'свежий', uk: 'свіжий', en: 'fresh', cs: 'právě udělaný' },
      },
      {
        czech: 'máslo',
        translation: { ru: 'сливочное масло', uk: 'масло', en: 'butter', cs: 'tuk ze smetany' },
      },
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
        explanation: {
          cs: 'Kde? Po předložce v je šestý pád: v Praze.',
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
      cs: '„Já“ většinou neříkáme: „Bydlím v Praze už dva roky“.',
    },
    newWords: [
      {
        czech: 'znát',
        translation: { ru: 'знать', uk: 'знати', en: 'to know', cs: 'mít zkušenost' },
      },
      {
        czech: 'chutnat',
        translation: {
          ru: 'быть по вкусу',
          uk: 'смакувати',
          en: 'to taste good',
          cs: 'být dobrý k jídlu',
        },
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
        explanation: {
          cs: 'Jídlo je střední rod: české jídlo.',
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
      cs: 'O oblíbeném jídle říkáme: „Nejradši mám svíčkovou“.',
    },
    newWords: [
      {
        czech: 'babička',
        translation: {
          ru: 'бабушка',
          uk: 'бабуся',
          en: 'grandmother',
          cs: 'matka otce nebo matky',
        },
      },
      {
        czech: 'knedlík',
        translation: { ru: 'кнедлик', uk: 'кнедлик', en: 'dumpling', cs: 'příloha z těsta' },
      },
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
        explanation: {
          cs: 'Po předložce do je druhý pád: do Brna.',
          ru: 'После предлога do нужен родительный падеж: Brno, do Brna.',
          uk: 'Після прийменника do потрібен родовий відмінок: Brno, do Brna.',
          en: 'The preposition do takes the genitive: Brno, do Brna.',
        },
      },
      {
        original: 'katedrála',
        corrected: 'katedrálu',
        category: 'case',
        explanation: {
          cs: 'Viděl jsem koho, co? Čtvrtý pád: katedrálu.',
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
      cs: 'O výletě se říká i „byli jsme v Brně na výletě“.',
    },
    newWords: [
      {
        czech: 'hrad',
        translation: { ru: 'крепость', uk: 'фортеця', en: 'castle', cs: 'stará pevnost' },
      },
      {
        czech: 'trh',
        translation: { ru: 'рынок', uk: 'ринок', en: 'market', cs: 'místo, kde se prodává' },
      },
    ],
  },
]
