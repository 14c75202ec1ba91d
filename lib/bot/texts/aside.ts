import type { FeatureTexts, NoArguments } from './feature-texts.ts'

/** The words of a lesson's buttons, and of what they bring. */
export type AsideTexts = {
  'aside.translate': NoArguments
  'aside.slower': NoArguments
  'aside.answers': NoArguments
  'aside.tapToCopy': NoArguments
  'aside.underWay': NoArguments
  'aside.done': NoArguments
  'aside.usedUp': NoArguments
  'aside.failed': NoArguments
  'verdict.more': NoArguments
  'retake.button': NoArguments
  /** `button` is `retake.withdraw`, as it reads. */
  'retake.ask': { button: string }
  'retake.placeholder': NoArguments
  'retake.asked': NoArguments
  'retake.withdraw': NoArguments
  'retake.replaced': NoArguments
  'retake.withdrawn': NoArguments
}

export const asideTexts: FeatureTexts<AsideTexts> = {
  ru: {
    'aside.translate': 'Перевод',
    'aside.slower': 'Медленнее',
    'aside.answers': 'Что ответить?',
    'aside.tapToCopy': 'Нажми на фразу, чтобы скопировать',
    'aside.underWay': 'Секунду: урок ещё не готов. Нажми чуть позже.',
    'aside.done': 'Это уже есть в чате.',
    'aside.usedUp': 'На сегодня подсказок хватит. Завтра будут новые!',
    'aside.failed': 'Сейчас не получилось. Нажми, пожалуйста, ещё раз чуть позже.',
    'verdict.more': 'Показать всё',
    'retake.button': 'Я имею в виду другое',
    'retake.ask':
      'А как на самом деле? Ответь на это сообщение голосом или текстом, и я разберу урок заново. Если это вообще не урок, нажми под разбором «{button}».',
    'retake.placeholder': 'Скажи или напиши по-чешски',
    'retake.asked': 'Вопрос уже в чате: ответь на него.',
    'retake.withdraw': 'Это не урок',
    'retake.replaced': 'Заменено: разбор того, что сказано на самом деле, ниже.',
    'retake.withdrawn': 'Отменено: это не урок, он не засчитан.',
  },
  uk: {
    'aside.translate': 'Переклад',
    'aside.slower': 'Повільніше',
    'aside.answers': 'Що відповісти?',
    'aside.tapToCopy': 'Торкнися фрази, щоб скопіювати',
    'aside.underWay': 'Секунду: урок ще не готовий. Натисни трохи згодом.',
    'aside.done': 'Це вже є в чаті.',
    'aside.usedUp': 'На сьогодні підказок досить. Завтра будуть нові!',
    'aside.failed': 'Зараз не вдалося. Натисни, будь ласка, ще раз трохи згодом.',
    'verdict.more': 'Показати все',
    'retake.button': 'Я маю на увазі інше',
    'retake.ask':
      'А як насправді? Дай відповідь на це повідомлення голосом або текстом, і я розберу урок заново. Якщо це взагалі не урок, натисни під розбором «{button}».',
    'retake.placeholder': 'Скажи або напиши чеською',
    'retake.asked': 'Запитання вже в чаті: дай на нього відповідь.',
    'retake.withdraw': 'Це не урок',
    'retake.replaced': 'Замінено: розбір того, що сказано насправді, нижче.',
    'retake.withdrawn': 'Скасовано: це не урок, його не зараховано.',
  },
  en: {
    'aside.translate': 'Translate',
    'aside.slower': 'Slower',
    'aside.answers': 'What can I say?',
    'aside.tapToCopy': 'Tap a phrase to copy it',
    'aside.underWay': 'One moment: the lesson isn’t ready yet. Press again in a second.',
    'aside.done': 'You already have this in the chat.',
    'aside.usedUp': 'That’s enough help for today. There will be more tomorrow!',
    'aside.failed': 'That didn’t work just now. Please press it again in a while.',
    'verdict.more': 'Show all',
    'retake.button': 'I said something else',
    'retake.ask':
      'What did you really say? Reply to this message by voice or text, and I’ll go through the lesson again. If it wasn’t a lesson at all, press “{button}” under the lesson.',
    'retake.placeholder': 'Say it or write it in Czech',
    'retake.asked': 'My question is in the chat already: reply to it.',
    'retake.withdraw': 'It wasn’t a lesson',
    'retake.replaced': 'Replaced: what you really said is corrected below.',
    'retake.withdrawn': 'Cancelled: it wasn’t a lesson, so it doesn’t count.',
  },
  cs: {
    'aside.translate': 'Přeložit',
    'aside.slower': 'Pomaleji',
    'aside.answers': 'Co na to říct?',
    'aside.tapToCopy': 'Klepni na větu, ať se zkopíruje',
    'aside.underWay': 'Vteřinku, lekce ještě není hotová. Klepni za chvilku znovu.',
    'aside.done': 'Tohle už v chatu máš.',
    'aside.usedUp': 'Pro dnešek už nápovědy stačilo. Zítra bude další!',
    'aside.failed': 'Teď se to nepovedlo. Zkus to prosím za chvilku znovu.',
    'verdict.more': 'Ukázat všechno',
    'retake.button': 'Říkám něco jiného',
    'retake.ask':
      'A jak to bylo doopravdy? Odpověz na tuhle zprávu hlasem nebo textem a projdu lekci znovu. Jestli to vůbec nebyla lekce, klepni pod ní na „{button}“.',
    'retake.placeholder': 'Řekni nebo napiš to česky',
    'retake.asked': 'Otázka už v chatu je: odpověz na ni.',
    'retake.withdraw': 'Nebyla to lekce',
    'retake.replaced': 'Nahrazeno: oprava toho, co zaznělo doopravdy, je níž.',
    'retake.withdrawn': 'Zrušeno: nebyla to lekce a nepočítá se.',
  },
}
