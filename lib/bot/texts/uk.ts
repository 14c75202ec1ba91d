import type { TextKey } from './en.ts'

export const uk = {
  'command.start': 'Познайомитися й почати',
  'command.help': 'Як це працює, план на день, зірки',

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

  'help.send':
    'Надішли голосове до {maxSeconds, plural, one {# секунди} other {# секунд}} або текст від {minLength} до {maxLength, plural, one {# символу} other {# символів}} чеською.',
  'help.answer':
    'Я показую, що чую, пояснюю помилки й відповідаю голосом. Просто продовжуй розмову!',
  'help.plan':
    'Щодня: {voice, plural, one {# голосовий урок} few {# голосові уроки} other {# голосових уроків}} і {text, plural, one {# текстовий} few {# текстові} other {# текстових}}. Повідомлення без чеської не рахуються.',
  'help.stars':
    'За урок: {stars, plural, one {# зірка} few {# зірки} other {# зірок}}, і ще одна за результат від {goodScore}.',
  'help.streak':
    'Говори щодня: з {weekDays}-го дня поспіль урок дає ще +{weekStars}, з {monthDays}-го +{monthStars}.',
  'help.challenge':
    '{lessons, plural, one {# урок} few {# уроки} other {# уроків}} за день: ще {stars, plural, one {# зірка} few {# зірки} other {# зірок}}.',
  'help.privacy':
    'Повідомлення обробляє OpenAI: розпізнає голос і готує відповідь. Записів ми не зберігаємо, лише текст уроку.',

  'unsupported.photo': 'Фото я не бачу. Розкажи чеською, що на ньому!',
  'unsupported.sticker': 'Класний стікер! Але мені потрібні слова: скажи це чеською.',
  'unsupported.audio': 'Аудіофайлів я не приймаю. Затисни мікрофон і запиши голосове!',
  'unsupported.videoNote':
    'Відеоповідомлень я не бачу. Торкнися значка камери, щоб він став мікрофоном, і запиши голосове!',
  'unsupported.video': 'Відео я не бачу. Розкажи чеською, що в ньому відбувається!',
  'unsupported.document': 'Файлів я не відкриваю. Надішли голосове або напиши чеською!',
  'unsupported.other': 'Такого я не розумію. Надішли голосове або напиши чеською!',
  'unsupported.group': 'Я вчу лише в особистих чатах: напиши мені туди!',
  'unsupported.command': 'Такої команди я не знаю. Усі команди: /help',
  'unsupported.button': 'Ця кнопка застаріла. Натисни /start.',

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
  'voice.silence':
    'У цьому записі нічого не чути. Піднеси мікрофон ближче і спробуй ще раз! Це повідомлення не зараховано.',
  'voice.otherLanguage':
    'Схоже, це інша мова: {language}. Я вчу чеської: спробуй чеською, можна з помилками! Це повідомлення не зараховано.',
  'voice.notCzech':
    'Це не схоже на чеську. Я вчу чеської: спробуй чеською, можна з помилками! Це повідомлення не зараховано.',
  'voice.expired': 'Цей запис уже не завантажити. Надішли його, будь ласка, ще раз.',

  'verdict.heard': 'Чую',
  'verdict.wrote': 'Твій текст',
  'verdict.corrected': 'Правильно',
  'verdict.praise': 'Без помилок, чудово!',
  'verdict.mistakes': 'Помилки',
  'verdict.tip': 'Порада',
  'verdict.newWords': 'Нові слова',
  'verdict.score': '{score} зі 100',

  'stars.earned':
    '+{count, plural, one {# зірка} few {# зірки} other {# зірок}} · усього {total, number}',
  'stars.lesson': 'урок +{count}',
  'stars.goodScore': 'добрий результат +{count}',
  'stars.streak': 'серія +{count}',
  'streak.days': 'Серія: {days, plural, one {# день} few {# дні} other {# днів}}',
  'challenge.progress': 'Завдання дня: {done} з {goal}',
  'challenge.completed':
    'Завдання дня виконано: +{stars, plural, one {# зірка} few {# зірки} other {# зірок}}',

  'reply.label':
    '{character, select, novakova {Paní Nováková відповідає} other {Honzík відповідає}}',
  'reply.listenFirst': 'послухай, потім торкнися',
  'reply.speechFailed': 'Цього разу голос підвів, тож відповідаю письмово.',

  'quota.usedUp':
    '{kind, select, voice {Голосові уроки} other {Текстові уроки}} на сьогодні закінчилися ({limit} на день). Нові з’являться через {unit, select, hours {{amount, plural, one {# годину} few {# години} other {# годин}}} other {{amount, plural, one {# хвилину} few {# хвилини} other {# хвилин}}}}.',
  'quota.unheardUsedUp':
    'Сьогодні забагато повідомлень, у яких немає чеської. Спробуймо знову через {unit, select, hours {{amount, plural, one {# годину} few {# години} other {# годин}}} other {{amount, plural, one {# хвилину} few {# хвилини} other {# хвилин}}}}. Якщо це були голосові, перевір мікрофон.',
  'quota.budgetUsedUp':
    'Сьогодні зі мною розмовляє стільки людей, що мій денний ліміт вичерпано. Приходь завтра! Це повідомлення не зараховано.',

  'failure.delayed': 'Мені треба трохи більше часу. Надсилати ще раз не потрібно!',
  'failure.press': 'Не вдалося. Натисни, будь ласка, ще раз.',
  'failure.parked':
    'Повідомлення в мене. Просто зараз відповісти не можу, але відповім, щойно вийде. Надсилати ще раз не треба.',
  'failure.dead':
    'Вибач, на це повідомлення відповісти не вдалося. До денного плану його не зараховано. Надішли його, будь ласка, ще раз.',
  'failure.unshown':
    'Урок зараховано, але надіслати тобі всю відповідь не вдалося. Вибач! Продовжуймо.',
  'failure.refused': 'Поговорімо про щось інше. Jaký máš dneska den?',
} satisfies Record<TextKey, string>
