import type { Character } from '../../domain/learner/learner.ts'
import type { FeatureTexts, NoArguments } from './feature-texts.ts'

/** The words of the messages that a lesson brings. */
export type LessonTexts = {
  'verdict.heard': NoArguments
  'verdict.wrote': NoArguments
  'verdict.corrected': NoArguments
  'verdict.praise': NoArguments
  'verdict.diacritics': NoArguments
  'verdict.ungraded': NoArguments
  'verdict.doubtful': NoArguments
  'verdict.mistakes': NoArguments
  'verdict.tip': NoArguments
  'verdict.newWords': NoArguments
  'verdict.score': { score: number }
  'stars.earned': { count: number; total: number }
  'stars.lesson': { count: number }
  'stars.goodScore': { count: number }
  'stars.streak': { count: number }
  'streak.days': { days: number }
  'challenge.progress': { done: number; goal: number }
  'challenge.completed': { stars: number }
  'reply.label': { character: Character }
  'reply.listenFirst': NoArguments
  'reply.speechFailed': NoArguments
  'reply.speechSpared': NoArguments
  'reply.readyAnswers': NoArguments
  'reply.question': NoArguments
}

export const lessonTexts: FeatureTexts<LessonTexts> = {
  ru: {
    'verdict.heard': 'Что я слышу',
    'verdict.wrote': 'Твой текст',
    'verdict.corrected': 'Как правильно',
    'verdict.praise': 'Без ошибок, отлично!',
    'verdict.diacritics': 'С чешскими буквами',
    'verdict.ungraded':
      'В этот раз исправления ненадёжны, поэтому оценки нет. Продолжаем разговор!',
    'verdict.doubtful':
      'Слова со знаком (?), возможно, услышаны неверно. За них баллы не снимаются.',
    'verdict.mistakes': 'Ошибки',
    'verdict.tip': 'Совет',
    'verdict.newWords': 'Новые слова',
    'verdict.score': '{score} из 100',

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
    'reply.listenFirst': 'послушай и нажми',
    'reply.speechFailed': 'В этот раз голос подвёл, поэтому отвечаю письменно.',
    'reply.speechSpared':
      'Дневной лимит почти исчерпан, поэтому сегодня отвечаю письменно. Завтра снова голосом!',
    'reply.readyAnswers': 'Можно ответить вслух',
    'reply.question':
      'Это был вопрос, а не урок: в дневной лимит он не засчитан. А теперь скажи это вслух!',
  },
  uk: {
    'verdict.heard': 'Що я чую',
    'verdict.wrote': 'Твій текст',
    'verdict.corrected': 'Як правильно',
    'verdict.praise': 'Без помилок, чудово!',
    'verdict.diacritics': 'З чеськими літерами',
    'verdict.ungraded': 'Цього разу виправлення ненадійні, тому оцінки немає. Говорімо далі!',
    'verdict.doubtful':
      'Слова зі знаком (?), можливо, почуто неправильно. За них бали не знімаються.',
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
    'reply.listenFirst': 'спершу послухай',
    'reply.speechFailed': 'Цього разу голос підвів, тож відповідаю письмово.',
    'reply.speechSpared':
      'Денний ліміт майже вичерпано, тож сьогодні відповідаю письмово. Завтра знову голосом!',
    'reply.readyAnswers': 'Можна відповісти вголос',
    'reply.question':
      'Це було запитання, а не урок: до денного ліміту його не зараховано. А тепер скажи це вголос!',
  },
  en: {
    'verdict.heard': 'What I heard',
    'verdict.wrote': 'Your text',
    'verdict.corrected': 'How it should be',
    'verdict.praise': 'No mistakes, great!',
    'verdict.diacritics': 'With Czech accents',
    'verdict.ungraded':
      'I’m not sure about the corrections this time, so there’s no score. Let’s go on talking!',
    'verdict.doubtful': 'I may have misheard the words with (?). They cost no points.',
    'verdict.mistakes': 'Mistakes',
    'verdict.tip': 'Tip',
    'verdict.newWords': 'New words',
    'verdict.score': '{score} out of 100',

    'stars.earned': '+{count, plural, one {# star} other {# stars}} · {total, number} in total',
    'stars.lesson': 'lesson +{count}',
    'stars.goodScore': 'good score +{count}',
    'stars.streak': 'streak +{count}',
    'streak.days': 'Streak: {days, plural, one {# day} other {# days}}',
    'challenge.progress': 'Daily challenge: {done} of {goal}',
    'challenge.completed': 'Daily challenge done: +{stars, plural, one {# star} other {# stars}}',

    'reply.label': '{character, select, novakova {Paní Nováková answers} other {Honzík answers}}',
    'reply.listenFirst': 'listen, then tap',
    'reply.speechFailed': 'My voice let me down this time, so here it is in writing.',
    'reply.speechSpared':
      'Today’s limit is nearly used up, so I’m answering in writing today. Tomorrow I’ll speak again!',
    'reply.readyAnswers': 'You can answer aloud',
    'reply.question':
      'That was a question, not a lesson: it doesn’t count towards your daily limit. Now say it aloud!',
  },
  cs: {
    'verdict.heard': 'Co slyším',
    'verdict.wrote': 'Tvůj text',
    'verdict.corrected': 'Jak to má být',
    'verdict.praise': 'Bez chyb, paráda!',
    'verdict.diacritics': 'S háčky a čárkami',
    'verdict.ungraded':
      'Opravy tentokrát nejsou spolehlivé, a tak je to bez hodnocení. Povídáme si dál!',
    'verdict.doubtful':
      'Slova s otazníkem (?) asi nejsou zachycená správně. Body se za ně nestrhávají.',
    'verdict.mistakes': 'Chyby',
    'verdict.tip': 'Tip',
    'verdict.newWords': 'Nová slovíčka',
    'verdict.score': '{score} ze 100',

    'stars.earned':
      '+{count, plural, one {# hvězdička} few {# hvězdičky} other {# hvězdiček}} · celkem {total, number}',
    'stars.lesson': 'lekce +{count}',
    'stars.goodScore': 'dobré skóre +{count}',
    'stars.streak': 'série +{count}',
    'streak.days': 'Série: {days, plural, one {# den} few {# dny} other {# dní}}',
    'challenge.progress': 'Denní výzva: {done} z {goal}',
    'challenge.completed':
      'Denní výzva splněna: +{stars, plural, one {# hvězdička} few {# hvězdičky} other {# hvězdiček}}',

    'reply.label': '{character, select, novakova {Paní Nováková odpovídá} other {Honzík odpovídá}}',
    'reply.listenFirst': 'poslechni a klepni',
    'reply.speechFailed': 'Tentokrát mě zradil hlas, tak odpovídám písemně.',
    'reply.speechSpared':
      'Dnešní limit je skoro vyčerpaný, a tak dnes odpovídám písemně. Zítra zase hlasem!',
    'reply.readyAnswers': 'Můžeš odpovědět nahlas',
    'reply.question':
      'To byla otázka, ne lekce: do denního limitu se nepočítá. A teď to řekni nahlas!',
  },
}
