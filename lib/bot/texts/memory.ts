import type { FeatureTexts, NoArguments } from './feature-texts.ts'

/** The words of what is remembered of a learner, and of a new conversation. */
export type MemoryTexts = {
  'command.reset': NoArguments
  'command.memory': NoArguments
  'reset.done': NoArguments
  'memory.list': NoArguments
  'memory.empty': NoArguments
  'memory.isOff': NoArguments
  'memory.forgetAll': NoArguments
  'memory.forgetAll.ask': NoArguments
  'memory.forgetAll.yes': NoArguments
  'memory.turnOff': NoArguments
  'memory.turnOff.ask': NoArguments
  'memory.turnOff.yes': NoArguments
  'memory.turnOn': NoArguments
}

export const memoryTexts: FeatureTexts<MemoryTexts> = {
  ru: {
    'command.reset': 'Начать новый разговор',
    'command.memory': 'Что я о тебе помню',
    'reset.done':
      'Начинаем новый разговор: о прежнем я больше не вспоминаю. Звёзды, серия и уроки на месте, а что я о тебе помню, показывает /memory. Пришли голосовое или напиши по-чешски!',
    'memory.list': 'Вот что я о тебе помню из наших разговоров. Нажми на номер, и я это забуду.',
    'memory.empty':
      'Пока я о тебе ничего не помню. Рассказывай о себе в уроках: где живёшь, чем занимаешься, что любишь. Потом я буду об этом спрашивать.',
    'memory.isOff': 'Память выключена: из уроков я ничего о тебе не запоминаю.',
    'memory.forgetAll': 'Забыть всё',
    'memory.forgetAll.ask': 'Забыть всё, что я о тебе помню? Вернуть это будет нельзя.',
    'memory.forgetAll.yes': 'Да, забыть всё',
    'memory.turnOff': 'Выключить память',
    'memory.turnOff.ask':
      'Выключить память? Всё, что я о тебе помню, удалится, и нового я запоминать не буду.',
    'memory.turnOff.yes': 'Да, выключить',
    'memory.turnOn': 'Включить память',
  },
  uk: {
    'command.reset': 'Почати нову розмову',
    'command.memory': 'Що я про тебе пам’ятаю',
    'reset.done':
      'Починаємо нову розмову: попередньої я більше не згадую. Зірки, серія й уроки на місці, а що я про тебе пам’ятаю, показує /memory. Надішли голосове або напиши чеською!',
    'memory.list': 'Ось що я про тебе пам’ятаю з наших розмов. Натисни на номер, і я це забуду.',
    'memory.empty':
      'Поки що я про тебе нічого не пам’ятаю. Розповідай про себе в уроках: де живеш, чим займаєшся, що любиш. Потім я про це питатиму.',
    'memory.isOff': 'Пам’ять вимкнено: з уроків я нічого про тебе не запам’ятовую.',
    'memory.forgetAll': 'Забути все',
    'memory.forgetAll.ask': 'Забути все, що я про тебе пам’ятаю? Повернути це буде неможливо.',
    'memory.forgetAll.yes': 'Так, забути все',
    'memory.turnOff': 'Вимкнути пам’ять',
    'memory.turnOff.ask':
      'Вимкнути пам’ять? Усе, що я про тебе пам’ятаю, видалиться, і нового я не запам’ятовуватиму.',
    'memory.turnOff.yes': 'Так, вимкнути',
    'memory.turnOn': 'Увімкнути пам’ять',
  },
  en: {
    'command.reset': 'Begin a new conversation',
    'command.memory': 'What I remember about you',
    'reset.done':
      'A new conversation: I won’t come back to the old one. Your stars, streak and lessons stay, and /memory shows what I remember about you. Send me a voice note or write in Czech!',
    'memory.list':
      'This is what I remember about you from our conversations. Tap a number, and I’ll forget it.',
    'memory.empty':
      'I don’t remember anything about you yet. Tell me about yourself in your lessons: where you live, what you do, what you like. I’ll ask about it later.',
    'memory.isOff': 'Memory is off: I don’t remember anything about you from your lessons.',
    'memory.forgetAll': 'Forget everything',
    'memory.forgetAll.ask': 'Forget everything I remember about you? This can’t be undone.',
    'memory.forgetAll.yes': 'Yes, forget everything',
    'memory.turnOff': 'Turn memory off',
    'memory.turnOff.ask':
      'Turn memory off? Everything I remember about you goes, and I won’t remember anything new.',
    'memory.turnOff.yes': 'Yes, turn it off',
    'memory.turnOn': 'Turn memory on',
  },
  cs: {
    'command.reset': 'Začít nový rozhovor',
    'command.memory': 'Co si o tobě pamatuju',
    'reset.done':
      'Začínáme nový rozhovor: k tomu starému se už nevracím. Hvězdičky, série i lekce zůstávají a co si o tobě pamatuju, ukáže /memory. Pošli mi hlasovku nebo napiš česky!',
    'memory.list': 'Tohle si o tobě pamatuju z našich rozhovorů. Klepni na číslo a já to zapomenu.',
    'memory.empty':
      'Zatím si o tobě nic nepamatuju. Vyprávěj mi o sobě v lekcích: kde bydlíš, co děláš, co tě baví. Pak se na to budu ptát.',
    'memory.isOff': 'Paměť je vypnutá: z lekcí si o tobě nic nepamatuju.',
    'memory.forgetAll': 'Zapomenout všechno',
    'memory.forgetAll.ask': 'Mám zapomenout všechno, co si o tobě pamatuju? Vrátit to nepůjde.',
    'memory.forgetAll.yes': 'Ano, zapomenout všechno',
    'memory.turnOff': 'Vypnout paměť',
    'memory.turnOff.ask':
      'Mám vypnout paměť? Všechno, co si o tobě pamatuju, se smaže a nic nového si pamatovat nebudu.',
    'memory.turnOff.yes': 'Ano, vypnout',
    'memory.turnOn': 'Zapnout paměť',
  },
}
