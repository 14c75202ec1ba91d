import type { TextKey } from './en.ts'

export const ru = {
  'command.start': 'Познакомиться и начать',
  'command.help': 'Как это работает, план на день, звёзды',

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

  'help.send':
    'Пришли голосовое до {maxSeconds, plural, one {# секунды} other {# секунд}} или текст от {minLength} до {maxLength, plural, one {# символа} other {# символов}} на чешском.',
  'help.answer':
    'Я показываю, что слышу, объясняю ошибки и отвечаю голосом. Просто продолжай разговор!',
  'help.plan':
    'Каждый день: {voice, plural, one {# голосовой урок} few {# голосовых урока} other {# голосовых уроков}} и {text, plural, one {# текстовый} few {# текстовых} other {# текстовых}}. Сообщения без чешского не считаются.',
  'help.stars':
    'За урок: {stars, plural, one {# звезда} few {# звезды} other {# звёзд}}, и ещё одна за результат от {goodScore}.',
  'help.streak':
    'Говори каждый день: с {weekDays}-го дня подряд урок приносит ещё +{weekStars}, с {monthDays}-го +{monthStars}.',
  'help.challenge':
    '{lessons, plural, one {# урок} few {# урока} other {# уроков}} за день: ещё {stars, plural, one {# звезда} few {# звезды} other {# звёзд}}.',
  'help.privacy':
    'Сообщения обрабатывает OpenAI: распознаёт голос и готовит ответ. Записи мы не храним, только текст урока.',

  'unsupported.photo': 'Фото я не вижу. Расскажи по-чешски, что на нём!',
  'unsupported.sticker': 'Классный стикер! Но мне нужны слова: скажи это по-чешски.',
  'unsupported.audio': 'Аудиофайлы я не принимаю. Зажми микрофон и запиши голосовое!',
  'unsupported.videoNote':
    'Видеосообщения я не вижу. Коснись значка камеры, чтобы он стал микрофоном, и запиши голосовое!',
  'unsupported.video': 'Видео я не вижу. Расскажи по-чешски, что в нём происходит!',
  'unsupported.document': 'Файлы я не открываю. Пришли голосовое или напиши по-чешски!',
  'unsupported.other': 'Такого я не понимаю. Пришли голосовое или напиши по-чешски!',
  'unsupported.group': 'Я учу только в личных чатах: напиши мне туда!',
  'unsupported.command': 'Такой команды я не знаю. Все команды: /help',
  'unsupported.button': 'Эта кнопка устарела. Нажми /start.',

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
  'voice.silence':
    'В этой записи ничего не слышно. Поднеси микрофон поближе и попробуй ещё раз! Это сообщение не засчитано.',
  'voice.otherLanguage':
    'Похоже, это другой язык: {language}. Я учу чешскому: попробуй по-чешски, можно с ошибками! Это сообщение не засчитано.',
  'voice.notCzech':
    'Это не похоже на чешский. Я учу чешскому: попробуй по-чешски, можно с ошибками! Это сообщение не засчитано.',
  'voice.expired': 'Эту запись уже не скачать. Пришли её, пожалуйста, ещё раз.',

  'verdict.heard': 'Слышу',
  'verdict.wrote': 'Твой текст',
  'verdict.corrected': 'Правильно',
  'verdict.praise': 'Без ошибок, отлично!',
  'verdict.mistakes': 'Ошибки',
  'verdict.tip': 'Совет',
  'verdict.newWords': 'Новые слова',
  'verdict.score': '{score} из 100',
  'verdict.working': 'Ещё думаю, секунду…',

  'stars.earned':
    '+{count, plural, one {# звезда} few {# звезды} other {# звёзд}} · всего {total, number}',
  'stars.lesson': 'урок +{count}',
  'stars.goodScore': 'хороший результат +{count}',
  'stars.streak': 'серия +{count}',
  'streak.days': 'Серия: {days, plural, one {# день} few {# дня} other {# дней}}',
  'challenge.progress': 'Задание дня: {done} из {goal}',
  'challenge.completed':
    'Задание дня выполнено: +{stars, plural, one {# звезда} few {# звезды} other {# звёзд}}',

  'reply.label': '{character, select, novakova {Paní Nováková отвечает} other {Honzík отвечает}}',
  'reply.listenFirst': 'послушай, потом нажми',
  'reply.speechFailed': 'В этот раз голос подвёл, поэтому отвечаю письменно.',

  'quota.usedUp':
    '{kind, select, voice {Голосовые уроки} other {Текстовые уроки}} на сегодня закончились ({limit} в день). Новые появятся через {unit, select, hours {{amount, plural, one {# час} few {# часа} other {# часов}}} other {{amount, plural, one {# минуту} few {# минуты} other {# минут}}}}.',
  'quota.unheardUsedUp':
    'Сегодня слишком много сообщений, в которых нет чешского. Попробуем снова через {unit, select, hours {{amount, plural, one {# час} few {# часа} other {# часов}}} other {{amount, plural, one {# минуту} few {# минуты} other {# минут}}}}. Если это были голосовые, проверь микрофон.',
  'quota.budgetUsedUp':
    'Сегодня со мной разговаривает столько людей, что мой дневной лимит исчерпан. Приходи завтра! Это сообщение не засчитано.',

  'failure.parked':
    'Сообщение у меня. Прямо сейчас ответить не могу, но отвечу, как только получится. Отправлять ещё раз не нужно.',
  'failure.dead':
    'Прости, на это сообщение ответить не получилось. В дневной план оно не засчитано. Отправь его, пожалуйста, ещё раз.',
  'failure.unshown':
    'Урок засчитан, но отправить тебе весь ответ не получилось. Прости! Давай продолжим.',
  'failure.refused': 'Давай поговорим о чём-нибудь другом. Jaký máš dneska den?',
} satisfies Record<TextKey, string>
