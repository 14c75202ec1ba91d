import type { Language } from './rules.ts'

type Translations = Readonly<Record<Language, string>>

/** What the tutor goes on to talk about: the same in two characters' words, with what a beginner gets beside it. */
export type Topic = {
  reply: { honzik: string; novakova: string }
  translation: Translations
  readyAnswers: readonly { czech: string; translation: Translations }[]
}

export const TOPICS = {
  shop: {
    reply: {
      honzik: 'Já nakupuju nejradši na trhu, tam je všechno čerstvé. A co kupuješ nejčastěji ty?',
      novakova:
        'Já nakupuji nejraději na trhu, všechno je tam čerstvé. A kam chodíte nakupovat vy?',
    },
    translation: {
      ru: 'Я охотнее всего покупаю на рынке, там всё свежее. А ты?',
      uk: 'Я найохочіше купую на ринку, там усе свіже. А ти?',
      en: 'I like shopping at the market best, everything is fresh there. And you?',
      cs: 'Nejradši nakupuju na trhu, tam je všechno čerstvé. A ty?',
    },
    readyAnswers: [
      {
        czech: 'Chleba a mléko.',
        translation: {
          ru: 'Хлеб и молоко.',
          uk: 'Хліб і молоко.',
          en: 'Bread and milk.',
          cs: 'Potraviny.',
        },
      },
      {
        czech: 'Chodím do obchodu.',
        translation: {
          ru: 'Хожу в магазин.',
          uk: 'Ходжу в магазин.',
          en: 'I go to the shop.',
          cs: 'Nakupuju v obchodě.',
        },
      },
    ],
  },
  city: {
    reply: {
      honzik: 'Já bydlím na Žižkově a je to tam fajn. Které místo ve městě máš nejradši?',
      novakova: 'Já bydlím na Vinohradech a je tam hezky. Které místo ve městě máte nejraději?',
    },
    translation: {
      ru: 'Мне нравится там, где я живу. Какое место в городе твоё любимое?',
      uk: 'Мені подобається там, де я живу. Яке місце в місті твоє улюблене?',
      en: 'I like it where I live. Which place in town do you like best?',
      cs: 'Líbí se mi, kde bydlím. Které místo máš nejradši?',
    },
    readyAnswers: [
      {
        czech: 'Mám rád park.',
        translation: {
          ru: 'Я люблю парк.',
          uk: 'Я люблю парк.',
          en: 'I like the park.',
          cs: 'Park.',
        },
      },
      {
        czech: 'Líbí se mi řeka.',
        translation: {
          ru: 'Мне нравится река.',
          uk: 'Мені подобається річка.',
          en: 'I like the river.',
          cs: 'Řeka.',
        },
      },
    ],
  },
  food: {
    reply: {
      honzik: 'To mám hned hlad! U nás doma se vaří hlavně v neděli. A co vaříš nejčastěji ty?',
      novakova: 'To zní výborně. U nás se vaří hlavně v neděli. A co vaříte nejčastěji vy?',
    },
    translation: {
      ru: 'Звучит вкусно. У нас готовят в основном в воскресенье. А что чаще всего готовишь ты?',
      uk: 'Звучить смачно. У нас готують переважно в неділю. А що найчастіше готуєш ти?',
      en: 'That sounds good. We cook mostly on Sundays. And what do you cook most?',
      cs: 'To zní dobře. Vaříme hlavně v neděli. A co vaříš ty?',
    },
    readyAnswers: [
      {
        czech: 'Vařím polévku.',
        translation: { ru: 'Варю суп.', uk: 'Варю суп.', en: 'I make soup.', cs: 'Polévku.' },
      },
      {
        czech: 'Nevařím často.',
        translation: {
          ru: 'Готовлю нечасто.',
          uk: 'Готую нечасто.',
          en: 'I do not cook often.',
          cs: 'Málo.',
        },
      },
    ],
  },
  trip: {
    reply: {
      honzik: 'Výlety miluju, nejradši jezdím vlakem. Kam chceš jet příště?',
      novakova: 'Výlety mám ráda, nejraději jezdím vlakem. Kam chcete jet příště?',
    },
    translation: {
      ru: 'Люблю поездки, охотнее всего на поезде. Куда хочешь поехать в следующий раз?',
      uk: 'Люблю поїздки, найохочіше потягом. Куди хочеш поїхати наступного разу?',
      en: 'I love trips, best of all by train. Where do you want to go next?',
      cs: 'Mám rád výlety vlakem. Kam chceš příště?',
    },
    readyAnswers: [
      {
        czech: 'Chci jet na hory.',
        translation: {
          ru: 'Хочу в горы.',
          uk: 'Хочу в гори.',
          en: 'To the mountains.',
          cs: 'Na hory.',
        },
      },
      {
        czech: 'Chci jet k moři.',
        translation: { ru: 'Хочу на море.', uk: 'Хочу на море.', en: 'To the sea.', cs: 'K moři.' },
      },
    ],
  },
  family: {
    reply: {
      honzik: 'To je hezké. Já mám dvě sestry a babičku, která pořád peče. Jakou máš rodinu ty?',
      novakova: 'To je hezké. Já mám syna a dvě vnoučata. Jakou máte rodinu vy?',
    },
    translation: {
      ru: 'Это мило. У меня тоже есть семья. А какая семья у тебя?',
      uk: 'Це мило. У мене теж є родина. А яка родина в тебе?',
      en: 'That is nice. I have a family, too. What is yours like?',
      cs: 'To je hezké. Taky mám rodinu. A co ty?',
    },
    readyAnswers: [
      {
        czech: 'Mám bratra.',
        translation: {
          ru: 'У меня есть брат.',
          uk: 'У мене є брат.',
          en: 'I have a brother.',
          cs: 'Bratra.',
        },
      },
      {
        czech: 'Mám velkou rodinu.',
        translation: {
          ru: 'У меня большая семья.',
          uk: 'У мене велика родина.',
          en: 'My family is large.',
          cs: 'Velkou.',
        },
      },
    ],
  },
  work: {
    reply: {
      honzik: 'Práce musí člověka bavit. Já pracuju v kavárně. Co tě na práci baví nejvíc?',
      novakova: 'Práce musí člověka těšit. Já pracuji na úřadě. Co vás na práci těší nejvíce?',
    },
    translation: {
      ru: 'Работа должна радовать. Что тебе в ней нравится больше всего?',
      uk: 'Робота має тішити. Що тобі в ній подобається найбільше?',
      en: 'Work should be a joy. What do you like most about it?',
      cs: 'Práce má bavit. Co tě na ní baví?',
    },
    readyAnswers: [
      {
        czech: 'Baví mě lidé.',
        translation: {
          ru: 'Мне нравятся люди.',
          uk: 'Мені подобаються люди.',
          en: 'The people.',
          cs: 'Lidé.',
        },
      },
      {
        czech: 'Hledám práci.',
        translation: {
          ru: 'Ищу работу.',
          uk: 'Шукаю роботу.',
          en: 'I am looking for work.',
          cs: 'Hledám ji.',
        },
      },
    ],
  },
  health: {
    reply: {
      honzik: 'To není legrace, odpočívej a pij čaj s medem. Jak se cítíš teď?',
      novakova: 'To není nic příjemného, odpočívejte a pijte čaj s medem. Jak se cítíte teď?',
    },
    translation: {
      ru: 'Это не шутки: отдых и чай с мёдом. Как ты себя чувствуешь сейчас?',
      uk: 'Це не жарти: відпочинок і чай з медом. Як почуваєшся зараз?',
      en: 'That is no joke: rest, and tea with honey. How do you feel now?',
      cs: 'Odpočinek a čaj s medem. Jak je ti teď?',
    },
    readyAnswers: [
      {
        czech: 'Už je mi lépe.',
        translation: {
          ru: 'Мне уже лучше.',
          uk: 'Мені вже краще.',
          en: 'I feel better.',
          cs: 'Líp.',
        },
      },
      {
        czech: 'Bolí mě hlava.',
        translation: {
          ru: 'У меня болит голова.',
          uk: 'У мене болить голова.',
          en: 'I have a headache.',
          cs: 'Hlava.',
        },
      },
    ],
  },
  weather: {
    reply: {
      honzik: 'U nás dneska svítí sluníčko, tak půjdu ven. Jaké počasí se ti líbí?',
      novakova: 'U nás dnes svítí sluníčko, půjdu na procházku. Jaké počasí se líbí vám?',
    },
    translation: {
      ru: 'У нас сегодня солнце, пойду гулять. Какая погода тебе нравится?',
      uk: 'У нас сьогодні сонце, піду гуляти. Яка погода тобі подобається?',
      en: 'The sun is out here, I am going for a walk. What weather do you like?',
      cs: 'Dneska je slunce. Jaké počasí se ti líbí?',
    },
    readyAnswers: [
      {
        czech: 'Mám rád sníh.',
        translation: { ru: 'Люблю снег.', uk: 'Люблю сніг.', en: 'I like snow.', cs: 'Sníh.' },
      },
      {
        czech: 'Nemám rád zimu.',
        translation: {
          ru: 'Не люблю зиму.',
          uk: 'Не люблю зиму.',
          en: 'I do not like winter.',
          cs: 'Ne zimu.',
        },
      },
    ],
  },
  czech: {
    reply: {
      honzik: 'Čeština není lehká, ale jde ti to! S kým mluvíš česky nejčastěji?',
      novakova: 'Čeština není lehká, ale jde vám to. S kým mluvíte česky nejčastěji?',
    },
    translation: {
      ru: 'Чешский нелёгкий, но у тебя получается! С кем ты чаще всего говоришь по-чешски?',
      uk: 'Чеська нелегка, але в тебе виходить! З ким ти найчастіше говориш чеською?',
      en: 'Czech is not easy, but you are doing well! Whom do you speak it with most?',
      cs: 'Jde ti to. S kým mluvíš česky?',
    },
    readyAnswers: [
      {
        czech: 'S kolegy v práci.',
        translation: {
          ru: 'С коллегами на работе.',
          uk: 'З колегами на роботі.',
          en: 'With colleagues at work.',
          cs: 'S kolegy.',
        },
      },
      {
        czech: 'Jenom s tebou.',
        translation: {
          ru: 'Только с тобой.',
          uk: 'Лише з тобою.',
          en: 'Only with you.',
          cs: 'S tebou.',
        },
      },
    ],
  },
  time: {
    reply: {
      honzik: 'Já vstávám brzo, ale po obědě bych nejradši spal. V kolik hodin vstáváš ty?',
      novakova: 'Já vstávám brzy, ráda mám klidné ráno. V kolik hodin vstáváte vy?',
    },
    translation: {
      ru: 'Я встаю рано. А во сколько встаёшь ты?',
      uk: 'Я встаю рано. А о котрій встаєш ти?',
      en: 'I get up early. And when do you get up?',
      cs: 'Vstávám brzo. A ty?',
    },
    readyAnswers: [
      {
        czech: 'V sedm hodin.',
        translation: {
          ru: 'В семь часов.',
          uk: 'О сьомій годині.',
          en: 'At seven.',
          cs: 'V sedm.',
        },
      },
      {
        czech: 'Vstávám pozdě.',
        translation: {
          ru: 'Встаю поздно.',
          uk: 'Встаю пізно.',
          en: 'I get up late.',
          cs: 'Pozdě.',
        },
      },
    ],
  },
  free: {
    reply: {
      honzik: 'To zní jako dobrý den! Já chodím s kamarády na pivo. Co děláš po práci ty?',
      novakova: 'To zní jako příjemný den. Já chodím do divadla. Co děláte po práci vy?',
    },
    translation: {
      ru: 'Звучит как хороший день! А что ты делаешь после работы?',
      uk: 'Звучить як гарний день! А що ти робиш після роботи?',
      en: 'That sounds like a good day! What do you do after work?',
      cs: 'To zní dobře. Co děláš po práci?',
    },
    readyAnswers: [
      {
        czech: 'Čtu knihy.',
        translation: { ru: 'Читаю книги.', uk: 'Читаю книжки.', en: 'I read books.', cs: 'Čtu.' },
      },
      {
        czech: 'Sportuju.',
        translation: {
          ru: 'Занимаюсь спортом.',
          uk: 'Займаюся спортом.',
          en: 'I do sports.',
          cs: 'Sport.',
        },
      },
    ],
  },
} as const satisfies Record<string, Topic>

export type TopicName = keyof typeof TOPICS
