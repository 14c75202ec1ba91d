import type { FeatureTexts, NoArguments } from './feature-texts.ts'

/** The words of /help. */
export type HelpTexts = {
  'command.help': NoArguments
  'help.send': { maxSeconds: number; minLength: number; maxLength: number }
  'help.answer': NoArguments
  /** `button` is `setting.answers.try_first`, as it reads. */
  'help.tryFirst': { button: string }
  'help.plan': { voice: number; text: number }
  'help.stars': { stars: number; goodScore: number; minWords: number }
  'help.streak': { weekDays: number; weekStars: number; monthDays: number; monthStars: number }
  'help.challenge': { lessons: number; stars: number }
  'help.privacy': NoArguments
  'help.group.learn': NoArguments
  'help.group.progress': NoArguments
  'help.group.settings': NoArguments
  'help.group.account': NoArguments
}

export const helpTexts: FeatureTexts<HelpTexts> = {
  ru: {
    'command.help': 'Как это работает, сколько уроков в день, звёзды',
    'help.send':
      'Пришли голосовое до {maxSeconds, plural, one {# секунды} other {# секунд}} или текст от {minLength} до {maxLength, plural, one {# символа} other {# символов}} на чешском.',
    'help.answer':
      'Я показываю, что слышу, объясняю ошибки и отвечаю голосом. Просто продолжай разговор!',
    'help.tryFirst':
      'Хочешь сначала попробовать без готового ответа? Выбери в /corrections «{button}», и вместо исправления придёт подсказка.',
    'help.plan':
      'Каждый день: {voice, plural, one {# голосовой урок} few {# голосовых урока} other {# голосовых уроков}} и {text, plural, one {# текстовый} few {# текстовых} other {# текстовых}}. Сообщения без чешского не считаются.',
    'help.stars':
      'За урок: {stars, plural, one {# звезда} few {# звезды} other {# звёзд}}. Ещё одна, если в сообщении хотя бы {minWords, plural, one {# слово} few {# слова} other {# слов}} и результат от {goodScore}, но не за тот же текст ещё раз. Результат — это сколько слов из 100 верны: одна ошибка на шесть слов — это 83.',
    'help.streak':
      'Говори каждый день: с {weekDays}-го дня подряд урок приносит ещё +{weekStars}, с {monthDays}-го +{monthStars}.',
    'help.challenge':
      '{lessons, plural, one {# урок} few {# урока} other {# уроков}} за день: ещё {stars, plural, one {# звезда} few {# звезды} other {# звёзд}}.',
    'help.privacy':
      'Сообщения обрабатывает OpenAI: распознаёт голос и готовит ответ. Записи мы не храним, только текст урока.',
    'help.group.learn': 'Учиться',
    'help.group.progress': 'Успехи',
    'help.group.settings': 'Настройки',
    'help.group.account': 'Мои данные',
  },
  uk: {
    'command.help': 'Як це працює, скільки уроків на день, зірки',
    'help.send':
      'Надішли голосове до {maxSeconds, plural, one {# секунди} other {# секунд}} або текст від {minLength} до {maxLength, plural, one {# символу} other {# символів}} чеською.',
    'help.answer':
      'Я показую, що чую, пояснюю помилки й відповідаю голосом. Просто продовжуй розмову!',
    'help.tryFirst':
      'Хочеш спершу спробувати без готової відповіді? Вибери в /corrections «{button}», і замість виправлення надійде підказка.',
    'help.plan':
      'Щодня: {voice, plural, one {# голосовий урок} few {# голосові уроки} other {# голосових уроків}} і {text, plural, one {# текстовий} few {# текстові} other {# текстових}}. Повідомлення без чеської не рахуються.',
    'help.stars':
      'За урок: {stars, plural, one {# зірка} few {# зірки} other {# зірок}}. Ще одна, якщо в повідомленні хоча б {minWords, plural, one {# слово} few {# слова} other {# слів}} і результат від {goodScore}, але не за той самий текст ще раз. Результат — це скільки слів зі 100 правильні: одна помилка на шість слів — це 83.',
    'help.streak':
      'Говори щодня: з {weekDays}-го дня поспіль урок дає ще +{weekStars}, з {monthDays}-го +{monthStars}.',
    'help.challenge':
      '{lessons, plural, one {# урок} few {# уроки} other {# уроків}} за день: ще {stars, plural, one {# зірка} few {# зірки} other {# зірок}}.',
    'help.privacy':
      'Повідомлення обробляє OpenAI: розпізнає голос і готує відповідь. Записів ми не зберігаємо, лише текст уроку.',
    'help.group.learn': 'Навчання',
    'help.group.progress': 'Успіхи',
    'help.group.settings': 'Налаштування',
    'help.group.account': 'Мої дані',
  },
  en: {
    'command.help': 'How it works, how many lessons a day, stars',
    'help.send':
      'Send me a voice note of up to {maxSeconds, plural, one {# second} other {# seconds}} or a text of {minLength} to {maxLength, plural, one {# character} other {# characters}} in Czech.',
    'help.answer':
      'I show what I heard, explain the mistakes and answer with my voice. Just keep talking!',
    'help.tryFirst':
      'Want to try before you see the answer? Choose “{button}” in /corrections, and you’ll get a hint first.',
    'help.plan':
      'Every day: {voice, plural, one {# voice lesson} other {# voice lessons}} and {text, plural, one {# text lesson} other {# text lessons}}. Messages without any Czech don’t count.',
    'help.stars':
      '{stars, plural, one {# star} other {# stars}} for a lesson. One more if you say at least {minWords, plural, one {# word} other {# words}} and score {goodScore} or better, though not for the same text again. The score is how many words in 100 are right: one mistake in six words makes 83.',
    'help.streak':
      'Talk every day: from day {weekDays} in a row each lesson brings +{weekStars}, from day {monthDays} +{monthStars}.',
    'help.challenge':
      '{lessons, plural, one {# lesson} other {# lessons}} in one day: {stars, plural, one {# star} other {# stars}} on top.',
    'help.privacy':
      'OpenAI processes your messages: it recognises the voice and prepares the answer. We don’t keep recordings, only the text of the lesson.',
    'help.group.learn': 'Learn',
    'help.group.progress': 'Progress',
    'help.group.settings': 'Settings',
    'help.group.account': 'My data',
  },
  cs: {
    'command.help': 'Jak to funguje, kolik lekcí denně, hvězdičky',
    'help.send':
      'Pošli mi hlasovku do {maxSeconds, plural, one {# sekundy} other {# sekund}} nebo text od {minLength} do {maxLength, plural, one {# znaku} other {# znaků}} v češtině.',
    'help.answer': 'Ukážu ti, co slyším, vysvětlím chyby a odpovím hlasem. A povídáme si dál!',
    'help.tryFirst':
      'Chceš to nejdřív zkusit bez hotové odpovědi? Vyber v /corrections „{button}“ a místo opravy dostaneš nápovědu.',
    'help.plan':
      'Každý den: {voice, plural, one {# hlasová lekce} few {# hlasové lekce} other {# hlasových lekcí}} a {text, plural, one {# textová} few {# textové} other {# textových}}. Zprávy bez češtiny se nepočítají.',
    'help.stars':
      'Za lekci: {stars, plural, one {# hvězdička} few {# hvězdičky} other {# hvězdiček}}. Ještě jedna, když řekneš aspoň {minWords, plural, one {# slovo} few {# slova} other {# slov}} a máš skóre od {goodScore}, jen ne za stejný text znovu. Skóre je, kolik slov ze 100 je správně: jedna chyba v šesti slovech, to je 83.',
    'help.streak':
      'Mluv každý den: od {weekDays}. dne v řadě je za lekci navíc +{weekStars}, od {monthDays}. dne +{monthStars}.',
    'help.challenge':
      '{lessons, plural, one {# lekce} few {# lekce} other {# lekcí}} za den: navíc {stars, plural, one {# hvězdička} few {# hvězdičky} other {# hvězdiček}}.',
    'help.privacy':
      'Zprávy zpracovává OpenAI: rozpozná hlas a připraví odpověď. Nahrávky neukládáme, jen text lekce.',
    'help.group.learn': 'Učení',
    'help.group.progress': 'Pokroky',
    'help.group.settings': 'Nastavení',
    'help.group.account': 'Moje data',
  },
}
