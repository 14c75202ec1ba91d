import type {
  AnswersToMistakes,
  Character,
  CorrectionsLevel,
  Style,
  VoiceSpeed,
} from '../../domain/learner/learner.ts'
import type { FeatureTexts, NoArguments } from './feature-texts.ts'

export type NamedSetting =
  | 'native'
  | 'language'
  | 'level'
  | 'corrections'
  | 'answers'
  | 'style'
  | 'character'
  | 'speed'
  | 'zone'
  | 'gender'
type AskedSetting = 'language' | 'corrections' | 'style' | 'character' | 'speed'
type ValueOfSetting =
  | `corrections.${CorrectionsLevel}`
  | `answers.${AnswersToMistakes}`
  | `style.${Style}`
  | `character.${Character}`
  | `speed.${VoiceSpeed}`

export type SettingsCommand =
  | 'settings'
  | 'native'
  | 'language'
  | 'level'
  | 'corrections'
  | 'style'
  | 'character'
  | 'voice_speed'
  | 'timezone'

/** The words of the card of settings, and of the commands that open its faces. */
export type SettingsTexts = Record<
  | `command.${SettingsCommand}`
  | `setting.${NamedSetting}`
  | `setting.${AskedSetting}.ask`
  | `setting.${ValueOfSetting}`
  | 'settings.title'
  | 'settings.back'
  | 'setting.memory'
  | 'setting.memory.on'
  | 'setting.memory.off'
  | 'setting.language.follow'
  | 'gender.unknown'
  | 'zone.ask'
  | 'zone.several'
  | 'zone.confirm.button'
  | 'zone.changedToday',
  NoArguments
> & {
  'zone.notFound': { words: string }
  'zone.confirm': { zone: string; time: string }
}

export const settingsTexts: FeatureTexts<SettingsTexts> = {
  ru: {
    'command.settings': 'Все настройки',
    'command.native': 'Язык объяснений',
    'command.language': 'Язык бота',
    'command.level': 'Твой уровень чешского',
    'command.corrections': 'Сколько исправлять и когда показывать ответ',
    'command.style': 'Стиль разговора',
    'command.character': 'С кем разговаривать',
    'command.voice_speed': 'Скорость голоса',
    'command.timezone': 'Часовой пояс',

    'settings.title':
      'Вот твои настройки. Нажми на то, что хочешь изменить, или просто пришли голосовое!',
    'settings.back': 'Назад',

    'setting.native': 'Язык объяснений',
    'setting.language': 'Язык бота',
    'setting.level': 'Уровень',
    'setting.corrections': 'Исправления',
    'setting.answers': 'После ошибки',
    'setting.style': 'Стиль',
    'setting.character': 'Собеседник',
    'setting.speed': 'Скорость голоса',
    'setting.zone': 'Часовой пояс',
    'setting.gender': 'Как о тебе говорить',
    'setting.memory': 'Память',
    'setting.memory.on': 'Включена',
    'setting.memory.off': 'Выключена',

    'setting.language.ask': 'На каком языке мне писать тебе?',
    'setting.language.follow': 'Автоматически',
    'setting.corrections.ask':
      'Сколько ошибок показывать? И что делать после ошибки: сразу показать, как правильно, или сначала подсказать, чтобы можно было попробовать ещё раз?',
    'setting.corrections.minimal': 'Только главное',
    'setting.corrections.balanced': 'Важные ошибки',
    'setting.corrections.detailed': 'Все ошибки',
    'setting.answers.show': 'Сразу показать',
    'setting.answers.try_first': 'Сначала дай попробовать',
    'setting.style.ask': 'Как мне с тобой разговаривать?',
    'setting.style.friendly': 'По-дружески, с поддержкой',
    'setting.style.tutor': 'Как учитель, с правилами',
    'setting.style.casual': 'Просто болтать',
    'setting.character.ask': 'С кем тебе разговаривать?',
    'setting.character.honzik': 'Honzík, молодой пражанин',
    'setting.character.novakova': 'Paní Nováková, соседка на «вы»',
    'setting.speed.ask': 'С какой скоростью мне говорить?',
    'setting.speed.very_slow': 'Очень медленно',
    'setting.speed.slow': 'Медленно',
    'setting.speed.normal': 'В обычном темпе',
    'setting.speed.native': 'Быстро, как чехи',
    'gender.unknown': 'не указано',

    'zone.ask':
      'Где ты живёшь? Новые уроки появляются в полночь по местному времени. Выбери место или напиши после команды город или разницу с UTC:\n/timezone Brno\n/timezone UTC+2',
    'zone.several':
      'Какое место ты имеешь в виду? Выбери то, где сейчас столько же времени, сколько у тебя.',
    'zone.notFound': 'Места «{words}» я не знаю. Напиши ближайший большой город: /timezone Praha',
    'zone.confirm': '{zone}: там сейчас {time}. У тебя столько же?',
    'zone.confirm.button': 'Да, всё верно',
    'zone.changedToday':
      'Часовой пояс меняется не чаще раза в день, и сегодня он уже менялся. Завтра снова можно!',
  },
  uk: {
    'command.settings': 'Усі налаштування',
    'command.native': 'Мова пояснень',
    'command.language': 'Мова бота',
    'command.level': 'Твій рівень чеської',
    'command.corrections': 'Скільки виправляти й коли показувати відповідь',
    'command.style': 'Стиль розмови',
    'command.character': 'З ким розмовляти',
    'command.voice_speed': 'Швидкість голосу',
    'command.timezone': 'Часовий пояс',

    'settings.title':
      'Ось твої налаштування. Натисни на те, що хочеш змінити, або просто надішли голосове!',
    'settings.back': 'Назад',

    'setting.native': 'Мова пояснень',
    'setting.language': 'Мова бота',
    'setting.level': 'Рівень',
    'setting.corrections': 'Виправлення',
    'setting.answers': 'Після помилки',
    'setting.style': 'Стиль',
    'setting.character': 'Співрозмовник',
    'setting.speed': 'Швидкість голосу',
    'setting.zone': 'Часовий пояс',
    'setting.gender': 'Як про тебе говорити',
    'setting.memory': 'Пам’ять',
    'setting.memory.on': 'Увімкнено',
    'setting.memory.off': 'Вимкнено',

    'setting.language.ask': 'Якою мовою мені писати тобі?',
    'setting.language.follow': 'Автоматично',
    'setting.corrections.ask':
      'Скільки помилок показувати? І що робити після помилки: одразу показати, як правильно, чи спершу підказати, щоб можна було спробувати ще раз?',
    'setting.corrections.minimal': 'Лише головне',
    'setting.corrections.balanced': 'Важливі помилки',
    'setting.corrections.detailed': 'Усі помилки',
    'setting.answers.show': 'Одразу показати',
    'setting.answers.try_first': 'Спершу дай спробувати',
    'setting.style.ask': 'Як мені з тобою розмовляти?',
    'setting.style.friendly': 'По-дружньому, з підтримкою',
    'setting.style.tutor': 'Як учитель, з правилами',
    'setting.style.casual': 'Просто балакати',
    'setting.character.ask': 'З ким тобі розмовляти?',
    'setting.character.honzik': 'Honzík, молодий пражанин',
    'setting.character.novakova': 'Paní Nováková, сусідка на «ви»',
    'setting.speed.ask': 'З якою швидкістю мені говорити?',
    'setting.speed.very_slow': 'Дуже повільно',
    'setting.speed.slow': 'Повільно',
    'setting.speed.normal': 'У звичайному темпі',
    'setting.speed.native': 'Швидко, як чехи',
    'gender.unknown': 'не вказано',

    'zone.ask':
      'Де ти живеш? Нові уроки з’являються опівночі за місцевим часом. Вибери місце або напиши після команди місто чи різницю з UTC:\n/timezone Brno\n/timezone UTC+2',
    'zone.several': 'Яке місце ти маєш на увазі? Вибери те, де зараз та сама година, що й у тебе.',
    'zone.notFound': 'Місця «{words}» я не знаю. Напиши найближче велике місто: /timezone Praha',
    'zone.confirm': '{zone}: там зараз {time}. У тебе та сама година?',
    'zone.confirm.button': 'Так, усе правильно',
    'zone.changedToday':
      'Часовий пояс змінюється не частіше ніж раз на день, і сьогодні він уже змінювався. Завтра знову можна!',
  },
  en: {
    'command.settings': 'All settings',
    'command.native': 'Language of explanations',
    'command.language': 'Language of the bot',
    'command.level': 'Your level of Czech',
    'command.corrections': 'How much to correct, and when to show the answer',
    'command.style': 'Style of conversation',
    'command.character': 'Who to talk with',
    'command.voice_speed': 'Voice speed',
    'command.timezone': 'Time zone',

    'settings.title':
      'These are your settings. Tap what you want to change, or just send me a voice note!',
    'settings.back': 'Back',

    'setting.native': 'Explanations in',
    'setting.language': 'Bot’s language',
    'setting.level': 'Level',
    'setting.corrections': 'Corrections',
    'setting.answers': 'After a mistake',
    'setting.style': 'Style',
    'setting.character': 'Talking with',
    'setting.speed': 'Voice speed',
    'setting.zone': 'Time zone',
    'setting.gender': 'How to refer to you',
    'setting.memory': 'Memory',
    'setting.memory.on': 'On',
    'setting.memory.off': 'Off',

    'setting.language.ask': 'Which language shall I write to you in?',
    'setting.language.follow': 'Automatic',
    'setting.corrections.ask':
      'How many mistakes shall I show? And after a mistake: show the right way at once, or give you a hint first, so that you can try again?',
    'setting.corrections.minimal': 'Only the main one',
    'setting.corrections.balanced': 'The important ones',
    'setting.corrections.detailed': 'Every mistake',
    'setting.answers.show': 'Show me at once',
    'setting.answers.try_first': 'Let me try first',
    'setting.style.ask': 'How shall I talk with you?',
    'setting.style.friendly': 'Like a friend, with encouragement',
    'setting.style.tutor': 'Like a teacher, with rules',
    'setting.style.casual': 'Just chatting',
    'setting.character.ask': 'Who do you want to talk with?',
    'setting.character.honzik': 'Honzík, a young man from Prague',
    'setting.character.novakova': 'Paní Nováková, a formal neighbour',
    'setting.speed.ask': 'How fast shall I speak?',
    'setting.speed.very_slow': 'Very slowly',
    'setting.speed.slow': 'Slowly',
    'setting.speed.normal': 'Normally',
    'setting.speed.native': 'Fast, like a Czech',
    'gender.unknown': 'not set',

    'zone.ask':
      'Where do you live? New lessons come at midnight there. Choose a place, or type a city or the difference from UTC after the command:\n/timezone Brno\n/timezone UTC+2',
    'zone.several': 'Which place do you mean? Pick one where the time is the same as yours.',
    'zone.notFound': 'I don’t know the place “{words}”. Type the nearest big city: /timezone Praha',
    'zone.confirm': '{zone}: it’s {time} there now. Is that your time, too?',
    'zone.confirm.button': 'Yes, that’s right',
    'zone.changedToday':
      'The time zone can change once a day, and today it already has. Try again tomorrow!',
  },
  cs: {
    'command.settings': 'Všechna nastavení',
    'command.native': 'Jazyk vysvětlení',
    'command.language': 'Jazyk bota',
    'command.level': 'Tvoje úroveň češtiny',
    'command.corrections': 'Kolik opravovat a kdy ukázat odpověď',
    'command.style': 'Styl povídání',
    'command.character': 'S kým si povídat',
    'command.voice_speed': 'Rychlost hlasu',
    'command.timezone': 'Časové pásmo',

    'settings.title':
      'Tohle máš nastavené. Klepni na to, co chceš změnit, nebo mi prostě pošli hlasovku!',
    'settings.back': 'Zpátky',

    'setting.native': 'Jazyk vysvětlení',
    'setting.language': 'Jazyk bota',
    'setting.level': 'Úroveň',
    'setting.corrections': 'Opravy',
    'setting.answers': 'Po chybě',
    'setting.style': 'Styl',
    'setting.character': 'S kým mluvíš',
    'setting.speed': 'Rychlost hlasu',
    'setting.zone': 'Časové pásmo',
    'setting.gender': 'Jak o tobě mluvit',
    'setting.memory': 'Paměť',
    'setting.memory.on': 'Zapnutá',
    'setting.memory.off': 'Vypnutá',

    'setting.language.ask': 'V jakém jazyce ti mám psát?',
    'setting.language.follow': 'Automaticky',
    'setting.corrections.ask':
      'Kolik chyb ti mám ukazovat? A co po chybě: hned ukázat, jak je to správně, nebo nejdřív napovědět, ať to můžeš zkusit znovu?',
    'setting.corrections.minimal': 'Jen to hlavní',
    'setting.corrections.balanced': 'Důležité chyby',
    'setting.corrections.detailed': 'Všechny chyby',
    'setting.answers.show': 'Hned ukázat',
    'setting.answers.try_first': 'Nech mě to zkusit',
    'setting.style.ask': 'Jak si s tebou mám povídat?',
    'setting.style.friendly': 'Přátelsky, s povzbuzením',
    'setting.style.tutor': 'Jako učitel, s pravidly',
    'setting.style.casual': 'Jen tak pokecat',
    'setting.character.ask': 'S kým si chceš povídat?',
    'setting.character.honzik': 'Honzík, kluk z Prahy',
    'setting.character.novakova': 'Paní Nováková, sousedka, vykáte si',
    'setting.speed.ask': 'Jak rychle mám mluvit?',
    'setting.speed.very_slow': 'Hodně pomalu',
    'setting.speed.slow': 'Pomalu',
    'setting.speed.normal': 'Normálně',
    'setting.speed.native': 'Rychle, jako Češi',
    'gender.unknown': 'nenastaveno',

    'zone.ask':
      'Kde bydlíš? Nové lekce přibývají o půlnoci místního času. Vyber místo, nebo za příkaz napiš město či rozdíl od UTC:\n/timezone Brno\n/timezone UTC+2',
    'zone.several': 'Které místo myslíš? Vyber to, kde je teď stejně hodin jako u tebe.',
    'zone.notFound': 'Místo „{words}“ neznám. Napiš nejbližší velké město: /timezone Praha',
    'zone.confirm': '{zone}: teď je tam {time}. Je u tebe stejně hodin?',
    'zone.confirm.button': 'Ano, je to tak',
    'zone.changedToday':
      'Časové pásmo jde změnit jednou denně a dneska už se měnilo. Zítra to půjde zas!',
  },
}
