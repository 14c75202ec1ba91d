import type { LessonKind } from '../../domain/lesson/lesson.ts'
import type { FeatureTexts, NoArguments } from './feature-texts.ts'

type Wait = { unit: 'hours' | 'minutes'; amount: number }

/** The words said instead of a lesson, where there was none. */
export type RefusalTexts = {
  'text.tooShort': { min: number }
  'text.tooLong': { length: number; max: number }
  'text.notCzech': NoArguments
  'voice.tooLong': { seconds: number; max: number }
  'voice.tooBig': NoArguments
  'voice.damaged': NoArguments
  'voice.otherFormat': { format: string }
  'voice.silence': NoArguments
  'voice.otherLanguage': { language: string }
  'voice.notCzech': NoArguments
  'voice.expired': NoArguments
  'quota.usedUp': { kind: LessonKind; limit: number } & Wait
  'quota.usedUpToday': { kind: LessonKind; limit: number }
  'quota.none': { kind: LessonKind }
  'quota.left': { kind: LessonKind; count: number }
  'quota.unheardUsedUp': Wait
  'quota.budgetUsedUp': NoArguments
  'quota.ownBudgetUsedUp': NoArguments
  'failure.refused': NoArguments
  'failure.unanswerable': NoArguments
}

export const refusalTexts: FeatureTexts<RefusalTexts> = {
  ru: {
    'text.tooShort':
      'Это совсем коротко. Напиши по-чешски хотя бы {min, plural, one {# символ} few {# символа} other {# символов}}, а лучше целое предложение!',
    'text.tooLong':
      'В тексте {length, plural, one {# символ} few {# символа} other {# символов}}, а я читаю до {max, plural, one {# символа} other {# символов}}. Пришли его по частям!',
    'text.notCzech':
      'Это не похоже на чешский. Я учу чешскому: попробуй по-чешски, можно с ошибками! Это сообщение не засчитано.',

    'voice.tooLong':
      'В записи {seconds, plural, one {# секунда} few {# секунды} other {# секунд}}, а я слушаю до {max, plural, one {# секунды} other {# секунд}}. Запиши покороче!',
    'voice.tooBig': 'Эта запись для меня слишком большая. Запиши покороче!',
    'voice.damaged': 'Не получается прослушать эту запись. Запиши, пожалуйста, ещё раз.',
    'voice.otherFormat':
      'Формат {format} прослушать не получается. Запиши голосовое сообщение прямо здесь или пришли OGG, MP3, M4A или WAV.',
    'voice.silence':
      'В этой записи ничего не слышно. Поднеси микрофон поближе и попробуй ещё раз! Это сообщение не засчитано.',
    'voice.otherLanguage':
      'Похоже, это другой язык: {language}. Я учу чешскому: попробуй по-чешски, можно с ошибками! Это сообщение не засчитано.',
    'voice.notCzech':
      'Это не похоже на чешский. Я учу чешскому: попробуй по-чешски, можно с ошибками! Это сообщение не засчитано.',
    'voice.expired': 'Эту запись уже не скачать. Пришли её, пожалуйста, ещё раз.',

    'quota.usedUp':
      '{kind, select, voice {Голосовые уроки} other {Текстовые уроки}} на сегодня закончились ({limit} в день). Новые появятся через {unit, select, hours {{amount, plural, one {# час} few {# часа} other {# часов}}} other {{amount, plural, one {# минуту} few {# минуты} other {# минут}}}}.',
    'quota.usedUpToday':
      '{kind, select, voice {Голосовые уроки} other {Текстовые уроки}} на сегодня закончились ({limit} в день). Новые появятся завтра.',
    'quota.none': '{kind, select, voice {На голосовые} other {На тексты}} я здесь не отвечаю.',
    'quota.left':
      'На сегодня {kind, select, voice {{count, plural, one {остался ещё # голосовой урок} few {осталось ещё # голосовых урока} other {осталось ещё # голосовых уроков}}} other {{count, plural, one {остался ещё # текстовый урок} few {осталось ещё # текстовых урока} other {осталось ещё # текстовых уроков}}}}.',
    'quota.unheardUsedUp':
      'Сегодня слишком много сообщений, из которых не получился урок. Попробуем снова через {unit, select, hours {{amount, plural, one {# час} few {# часа} other {# часов}}} other {{amount, plural, one {# минуту} few {# минуты} other {# минут}}}}. Если это были голосовые, проверь микрофон.',
    'quota.budgetUsedUp':
      'Сегодня со мной разговаривает столько людей, что мой дневной лимит исчерпан. Приходи завтра! Это сообщение не засчитано.',
    'quota.ownBudgetUsedUp':
      'На сегодня мы наговорились: твой дневной лимит исчерпан. Продолжим завтра! Это сообщение не засчитано.',

    'failure.refused':
      'Давай поговорим о чём-нибудь другом. Расскажи, например, как прошёл твой день!',
    'failure.unanswerable':
      'Разобрать это сообщение у меня не получилось, и вторая попытка не помогла. Скажи то же самое иначе или короче! Это сообщение не засчитано.',
  },
  uk: {
    'text.tooShort':
      'Це зовсім коротко. Напиши чеською хоча б {min, plural, one {# символ} few {# символи} other {# символів}}, а краще ціле речення!',
    'text.tooLong':
      'У тексті {length, plural, one {# символ} few {# символи} other {# символів}}, а я читаю до {max, plural, one {# символу} other {# символів}}. Надішли його частинами!',
    'text.notCzech':
      'Це не схоже на чеську. Я вчу чеської: спробуй чеською, можна з помилками! Це повідомлення не зараховано.',

    'voice.tooLong':
      'У записі {seconds, plural, one {# секунда} few {# секунди} other {# секунд}}, а я слухаю до {max, plural, one {# секунди} other {# секунд}}. Запиши коротше!',
    'voice.tooBig': 'Цей запис для мене завеликий. Запиши коротше!',
    'voice.damaged': 'Не вдається прослухати цей запис. Запиши, будь ласка, ще раз.',
    'voice.otherFormat':
      'Формат {format} прослухати не вдається. Запиши голосове повідомлення просто тут або надішли OGG, MP3, M4A чи WAV.',
    'voice.silence':
      'У цьому записі нічого не чути. Піднеси мікрофон ближче і спробуй ще раз! Це повідомлення не зараховано.',
    'voice.otherLanguage':
      'Схоже, це інша мова: {language}. Я вчу чеської: спробуй чеською, можна з помилками! Це повідомлення не зараховано.',
    'voice.notCzech':
      'Це не схоже на чеську. Я вчу чеської: спробуй чеською, можна з помилками! Це повідомлення не зараховано.',
    'voice.expired': 'Цей запис уже не завантажити. Надішли його, будь ласка, ще раз.',

    'quota.usedUp':
      '{kind, select, voice {Голосові уроки} other {Текстові уроки}} на сьогодні закінчилися ({limit} на день). Нові з’являться через {unit, select, hours {{amount, plural, one {# годину} few {# години} other {# годин}}} other {{amount, plural, one {# хвилину} few {# хвилини} other {# хвилин}}}}.',
    'quota.usedUpToday':
      '{kind, select, voice {Голосові уроки} other {Текстові уроки}} на сьогодні закінчилися ({limit} на день). Нові з’являться завтра.',
    'quota.none': '{kind, select, voice {На голосові} other {На тексти}} я тут не відповідаю.',
    'quota.left':
      'На сьогодні {kind, select, voice {{count, plural, one {лишився ще # голосовий урок} few {лишилося ще # голосові уроки} other {лишилося ще # голосових уроків}}} other {{count, plural, one {лишився ще # текстовий урок} few {лишилося ще # текстові уроки} other {лишилося ще # текстових уроків}}}}.',
    'quota.unheardUsedUp':
      'Сьогодні забагато повідомлень, з яких не вийшов урок. Спробуймо знову через {unit, select, hours {{amount, plural, one {# годину} few {# години} other {# годин}}} other {{amount, plural, one {# хвилину} few {# хвилини} other {# хвилин}}}}. Якщо це були голосові, перевір мікрофон.',
    'quota.budgetUsedUp':
      'Сьогодні зі мною розмовляє стільки людей, що мій денний ліміт вичерпано. Приходь завтра! Це повідомлення не зараховано.',
    'quota.ownBudgetUsedUp':
      'На сьогодні ми наговорилися: твій денний ліміт вичерпано. Продовжимо завтра! Це повідомлення не зараховано.',

    'failure.refused': 'Поговорімо про щось інше. Розкажи, наприклад, як минув твій день!',
    'failure.unanswerable':
      'Розібрати це повідомлення мені не вдалося, і друга спроба не допомогла. Скажи те саме інакше або коротше! Це повідомлення не зараховано.',
  },
  en: {
    'text.tooShort':
      'That’s very short. Write at least {min, plural, one {# character} other {# characters}} in Czech, or better, a whole sentence!',
    'text.tooLong':
      'Your text has {length, plural, one {# character} other {# characters}}, and I read {max, plural, one {# character} other {# characters}} at most. Send it in parts!',
    'text.notCzech':
      'This doesn’t look like Czech. I teach Czech: try it in Czech, mistakes are fine! This message didn’t count.',

    'voice.tooLong':
      'Your recording is {seconds, plural, one {# second} other {# seconds}} long, and I listen to {max, plural, one {# second} other {# seconds}} at most. Make it shorter!',
    'voice.tooBig': 'This recording is too big for me. Make it shorter, please!',
    'voice.damaged': 'I can’t play this recording. Please record it again.',
    'voice.otherFormat':
      'I can’t play {format}. Record a voice message right here, or send OGG, MP3, M4A or WAV.',
    'voice.silence':
      'I can’t hear anything in this recording. Come closer to the microphone and try again! This message didn’t count.',
    'voice.otherLanguage':
      'This sounds like another language: {language}. I teach Czech: try it in Czech, mistakes are fine! This message didn’t count.',
    'voice.notCzech':
      'This doesn’t sound like Czech. I teach Czech: try it in Czech, mistakes are fine! This message didn’t count.',
    'voice.expired': 'I can’t get at this recording any more. Please send it again.',

    'quota.usedUp':
      '{kind, select, voice {Your voice lessons} other {Your text lessons}} for today are used up ({limit} a day). New ones come in {unit, select, hours {{amount, plural, one {# hour} other {# hours}}} other {{amount, plural, one {# minute} other {# minutes}}}}.',
    'quota.usedUpToday':
      '{kind, select, voice {Your voice lessons} other {Your text lessons}} for today are used up ({limit} a day). New ones come tomorrow.',
    'quota.none': 'I don’t answer {kind, select, voice {voice notes} other {texts}} here.',
    'quota.left':
      'You have {kind, select, voice {{count, plural, one {# voice lesson} other {# voice lessons}}} other {{count, plural, one {# text lesson} other {# text lessons}}}} left today.',
    'quota.unheardUsedUp':
      'Too many of today’s messages became no lesson. Let’s try again in {unit, select, hours {{amount, plural, one {# hour} other {# hours}}} other {{amount, plural, one {# minute} other {# minutes}}}}. If they were voice notes, check your microphone.',
    'quota.budgetUsedUp':
      'So many people are talking with me today that my daily limit is used up. Come back tomorrow! This message didn’t count.',
    'quota.ownBudgetUsedUp':
      'That’s all the talking we can do today: your daily limit is used up. Let’s go on tomorrow! This message didn’t count.',

    'failure.refused': 'Let’s talk about something else. Tell me about your day, for example!',
    'failure.unanswerable':
      'I couldn’t finish checking this message, and a second try didn’t help. Say it another way, or shorter! This message didn’t count.',
  },
  cs: {
    'text.tooShort':
      'To je moc krátké. Napiš česky aspoň {min, plural, one {# znak} few {# znaky} other {# znaků}}, nejlíp celou větu!',
    'text.tooLong':
      'Text má {length, plural, one {# znak} few {# znaky} other {# znaků}}, přečtu ale nejvýš {max, plural, one {# znak} few {# znaky} other {# znaků}}. Pošli ho po částech!',
    'text.notCzech':
      'Tohle nevypadá jako čeština. Já učím češtinu: zkus to česky, klidně s chybami! Tahle zpráva se nepočítá.',

    'voice.tooLong':
      'Nahrávka má {seconds, plural, one {# sekundu} few {# sekundy} other {# sekund}}, poslechnu ale nejvýš {max, plural, one {# sekundu} few {# sekundy} other {# sekund}}. Nahraj kratší!',
    'voice.tooBig': 'Tahle nahrávka je na mě moc velká. Nahraj kratší!',
    'voice.damaged': 'Tuhle nahrávku nejde přehrát. Nahraj ji prosím znovu.',
    'voice.otherFormat':
      'Formát {format} přehrát neumím. Nahraj hlasovou zprávu přímo tady, nebo pošli OGG, MP3, M4A či WAV.',
    'voice.silence':
      'V téhle nahrávce není nic slyšet. Dej si mikrofon blíž a zkus to znovu! Tahle zpráva se nepočítá.',
    'voice.otherLanguage':
      'Zní to jako jiný jazyk: {language}. Já učím češtinu: zkus to česky, klidně s chybami! Tahle zpráva se nepočítá.',
    'voice.notCzech':
      'Tohle nezní jako čeština. Já učím češtinu: zkus to česky, klidně s chybami! Tahle zpráva se nepočítá.',
    'voice.expired': 'K téhle nahrávce už se nedostanu. Pošli ji prosím znovu.',

    'quota.usedUp':
      '{kind, select, voice {Hlasové lekce} other {Textové lekce}} na dnešek jsou vyčerpané ({limit} denně). Další budou za {unit, select, hours {{amount, plural, one {# hodinu} few {# hodiny} other {# hodin}}} other {{amount, plural, one {# minutu} few {# minuty} other {# minut}}}}.',
    'quota.usedUpToday':
      '{kind, select, voice {Hlasové lekce} other {Textové lekce}} na dnešek jsou vyčerpané ({limit} denně). Další budou zítra.',
    'quota.none': '{kind, select, voice {Na hlasovky} other {Na texty}} tady neodpovídám.',
    'quota.left':
      'Na dnešek {kind, select, voice {{count, plural, one {zbývá ještě # hlasová lekce} few {zbývají ještě # hlasové lekce} other {zbývá ještě # hlasových lekcí}}} other {{count, plural, one {zbývá ještě # textová lekce} few {zbývají ještě # textové lekce} other {zbývá ještě # textových lekcí}}}}.',
    'quota.unheardUsedUp':
      'Dneska bylo moc zpráv, ze kterých nebyla lekce. Zkusíme to znovu za {unit, select, hours {{amount, plural, one {# hodinu} few {# hodiny} other {# hodin}}} other {{amount, plural, one {# minutu} few {# minuty} other {# minut}}}}. Jestli to byly hlasovky, zkontroluj mikrofon.',
    'quota.budgetUsedUp':
      'Dneska si se mnou povídá tolik lidí, že je můj denní limit vyčerpaný. Přijď zítra! Tahle zpráva se nepočítá.',
    'quota.ownBudgetUsedUp':
      'Pro dnešek bylo povídání dost: tvůj denní limit je vyčerpaný. Pokračujeme zítra! Tahle zpráva se nepočítá.',

    'failure.refused': 'Pojďme si povídat o něčem jiném. Vyprávěj mi třeba o svém dni!',
    'failure.unanswerable':
      'Tuhle zprávu se mi nepodařilo projít, ani na druhý pokus. Řekni to jinak nebo kratší větou! Tahle zpráva se nepočítá.',
  },
}
