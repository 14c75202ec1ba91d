import type { FeatureTexts, NoArguments } from './feature-texts.ts'

/** The words of the first steps: /start, the language to explain in, the level. */
export type OnboardingTexts = {
  'command.start': NoArguments
  'welcome.new': NoArguments
  'welcome.back': NoArguments
  'welcome.ready': NoArguments
  'register.first': NoArguments
  'native.choose': NoArguments
  'native.chosen': { language: string }
  'level.choose': NoArguments
  'level.chosen': { level: string }
  'level.beginner': NoArguments
  'level.beginner.hint': NoArguments
  'level.intermediate': NoArguments
  'level.intermediate.hint': NoArguments
  'level.advanced': NoArguments
  'level.advanced.hint': NoArguments
  'level.native': NoArguments
  'level.native.hint': NoArguments
  'card.native': NoArguments
  'card.level': NoArguments
  'card.back': NoArguments
}

export const onboardingTexts: FeatureTexts<OnboardingTexts> = {
  ru: {
    'command.start': 'Начать, сменить язык объяснений или уровень',

    'welcome.new':
      'Ahoj! Já jsem Honzík z Prahy.\n\n' +
      'Привет! Я Honzík. В Mluv.Me я помогу тебе заговорить по-чешски:\n' +
      '🎙 Ты присылаешь голосовое или текст на чешском.\n' +
      '✏️ Я показываю, что слышу, и объясняю ошибки на твоём языке.\n' +
      '🔊 Я отвечаю голосом и задаю следующий вопрос.',
    'welcome.back': 'С возвращением! Пришли голосовое или напиши по-чешски. Jak se dneska máš?',
    'welcome.ready': 'Готово! Пришли голосовое или напиши по-чешски. Например:',
    'register.first': 'Мы ещё не знакомы! Нажми /start, это займёт минуту.',

    'native.choose': 'На каком языке объяснять ошибки?',
    'native.chosen': 'Язык объяснений: {language}',
    'level.choose': 'Как хорошо ты говоришь по-чешски?',
    'level.chosen': 'Твой уровень: {level}',
    'level.beginner': 'Начальный · A2–B1',
    'level.beginner.hint': 'простые фразы на каждый день',
    'level.intermediate': 'Средний · B1–B2',
    'level.intermediate.hint': 'разговор о повседневном, словарь побогаче',
    'level.advanced': 'Продвинутый · B2–C1',
    'level.advanced.hint': 'свободная беседа, идиомы и тонкости',
    'level.native': 'Почти родной язык · C2',
    'level.native.hint': 'как с другом-чехом: сленг и нюансы',

    'card.native': 'Сменить язык объяснений',
    'card.level': 'Сменить уровень',
    'card.back': 'Назад',
  },
  uk: {
    'command.start': 'Почати, змінити мову пояснень або рівень',

    'welcome.new':
      'Ahoj! Já jsem Honzík z Prahy.\n\n' +
      'Привіт! Я Honzík. У Mluv.Me я допоможу тобі заговорити чеською:\n' +
      '🎙 Ти надсилаєш голосове або текст чеською.\n' +
      '✏️ Я показую, що чую, і пояснюю помилки твоєю мовою.\n' +
      '🔊 Я відповідаю голосом і ставлю наступне запитання.',
    'welcome.back': 'З поверненням! Надішли голосове або напиши чеською. Jak se dneska máš?',
    'welcome.ready': 'Готово! Надішли голосове або напиши чеською. Наприклад:',
    'register.first': 'Ми ще не знайомі! Натисни /start, це займе хвилину.',

    'native.choose': 'Якою мовою пояснювати помилки?',
    'native.chosen': 'Мова пояснень: {language}',
    'level.choose': 'Як добре ти розмовляєш чеською?',
    'level.chosen': 'Твій рівень: {level}',
    'level.beginner': 'Початковий · A2–B1',
    'level.beginner.hint': 'прості фрази на щодень',
    'level.intermediate': 'Середній · B1–B2',
    'level.intermediate.hint': 'розмова про буденне, багатший словник',
    'level.advanced': 'Просунутий · B2–C1',
    'level.advanced.hint': 'вільна бесіда, ідіоми й тонкощі',
    'level.native': 'Майже рідна мова · C2',
    'level.native.hint': 'як із другом-чехом: сленг і нюанси',

    'card.native': 'Змінити мову пояснень',
    'card.level': 'Змінити рівень',
    'card.back': 'Назад',
  },
  en: {
    'command.start': 'Start, change the language or your level',

    'welcome.new':
      'Ahoj! Já jsem Honzík z Prahy.\n\n' +
      'Hi! I’m Honzík. Here at Mluv.Me I’ll help you speak Czech:\n' +
      '🎙 You send me a voice note or a text in Czech.\n' +
      '✏️ I show what I heard and explain your mistakes in your language.\n' +
      '🔊 I answer with my voice and ask the next question.',
    'welcome.back':
      'Good to see you again! Send me a voice note or write in Czech. Jak se dneska máš?',
    'welcome.ready': 'All set! Send me a voice note or write in Czech. For example:',
    'register.first': 'We haven’t met yet! Press /start, it takes a minute.',

    'native.choose': 'Which language shall I explain mistakes in?',
    'native.chosen': 'I’ll explain in: {language}',
    'level.choose': 'How well do you speak Czech?',
    'level.chosen': 'Your level: {level}',
    'level.beginner': 'Beginner · A2–B1',
    'level.beginner.hint': 'simple everyday phrases',
    'level.intermediate': 'Intermediate · B1–B2',
    'level.intermediate.hint': 'everyday talk with richer words',
    'level.advanced': 'Advanced · B2–C1',
    'level.advanced.hint': 'fluent talk, idioms, fine points',
    'level.native': 'Near-native · C2',
    'level.native.hint': 'as with a Czech friend: slang and nuance',

    'card.native': 'Change the language',
    'card.level': 'Change the level',
    'card.back': 'Back',
  },
  cs: {
    'command.start': 'Začít, změnit jazyk vysvětlení nebo úroveň',

    'welcome.new':
      'Ahoj! Já jsem Honzík z Prahy.\n\n' +
      'Tady v Mluv.Me ti pomůžu mluvit česky:\n' +
      '🎙 Pošleš mi hlasovku nebo text v češtině.\n' +
      '✏️ Ukážu ti, co slyším, a vysvětlím chyby v tvém jazyce.\n' +
      '🔊 Odpovím ti hlasem a zeptám se dál.',
    'welcome.back': 'Vítej zpátky! Pošli mi hlasovku nebo napiš česky. Jak se dneska máš?',
    'welcome.ready': 'Hotovo! Pošli mi hlasovku nebo napiš česky. Třeba:',
    'register.first': 'Ještě se neznáme! Klepni na /start, zabere to minutku.',

    'native.choose': 'V jakém jazyce ti mám vysvětlovat chyby?',
    'native.chosen': 'Jazyk vysvětlení: {language}',
    'level.choose': 'Jak dobře mluvíš česky?',
    'level.chosen': 'Tvoje úroveň: {level}',
    'level.beginner': 'Začátečník · A2–B1',
    'level.beginner.hint': 'jednoduché věty na každý den',
    'level.intermediate': 'Středně pokročilý · B1–B2',
    'level.intermediate.hint': 'běžné povídání, bohatší slovník',
    'level.advanced': 'Pokročilý · B2–C1',
    'level.advanced.hint': 'plynulý hovor, idiomy a jemnosti',
    'level.native': 'Skoro rodilý mluvčí · C2',
    'level.native.hint': 'jako s českým kamarádem: slang a nuance',

    'card.native': 'Změnit jazyk vysvětlení',
    'card.level': 'Změnit úroveň',
    'card.back': 'Zpátky',
  },
}
