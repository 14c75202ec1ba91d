import type { Gender } from '../../domain/learner/gender.ts'
import type { FeatureTexts, NoArguments } from './feature-texts.ts'

/** The words of the first steps: /start, the language to explain in, the level. */
export type OnboardingTexts = {
  'command.start': NoArguments
  'welcome.new': NoArguments
  'welcome.ready': NoArguments
  'register.first': NoArguments
  'native.choose': NoArguments
  'native.chosen': { language: string }
  'level.choose': NoArguments
  'level.chosen': { level: string }
  'level.first_steps': NoArguments
  'level.first_steps.hint': NoArguments
  'level.beginner': NoArguments
  'level.beginner.hint': NoArguments
  'level.intermediate': NoArguments
  'level.intermediate.hint': NoArguments
  'level.advanced': NoArguments
  'level.advanced.hint': NoArguments
  'level.native': NoArguments
  'level.native.hint': NoArguments
  'gender.ask': NoArguments
  'gender.chosen': { gender: Gender | 'unsaid' }
  'gender.feminine': NoArguments
  'gender.masculine': NoArguments
  'gender.unsaid': NoArguments
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
    'welcome.ready': 'Готово! Пришли голосовое или напиши по-чешски. Например:',
    'register.first': 'Мы ещё не знакомы! Нажми /start, это займёт минуту.',

    'native.choose': 'На каком языке объяснять ошибки?',
    'native.chosen': 'Язык объяснений: {language}',
    'level.choose': 'Как хорошо ты говоришь по-чешски?',
    'level.chosen': 'Твой уровень: {level}',
    'level.first_steps': 'Знаю первые слова · A0–A1',
    'level.first_steps.hint': 'поздороваться, назвать себя, ответить «да» или «нет»',
    'level.beginner': 'Говорю простыми фразами · A2',
    'level.beginner.hint': 'рассказать о себе, купить билет, спросить дорогу',
    'level.intermediate': 'Объясняюсь почти везде · B1',
    'level.intermediate.hint': 'рассказать, что было вчера и что будет завтра, пусть и с ошибками',
    'level.advanced': 'Говорю свободно · B2',
    'level.advanced.hint': 'спорить, объяснять своё мнение, понимать шутки',
    'level.native': 'Говорю почти как чехи · C1',
    'level.native.hint': 'говорить о чём угодно: идиомы, сленг, оттенки',

    'gender.ask': 'Как о тебе говорить по-чешски? Так я не ошибусь в твоих фразах и в своих.',
    'gender.chosen':
      '{gender, select, feminine {Хорошо: byla jsem, jsem ráda.} masculine {Хорошо: byl jsem, jsem rád.} other {Хорошо, обойдёмся без этого.}}',
    'gender.feminine': 'byla jsem (женский род)',
    'gender.masculine': 'byl jsem (мужской род)',
    'gender.unsaid': 'Не скажу',
  },
  uk: {
    'command.start': 'Почати, змінити мову пояснень або рівень',

    'welcome.new':
      'Ahoj! Já jsem Honzík z Prahy.\n\n' +
      'Привіт! Я Honzík. У Mluv.Me я допоможу тобі заговорити чеською:\n' +
      '🎙 Ти надсилаєш голосове або текст чеською.\n' +
      '✏️ Я показую, що чую, і пояснюю помилки твоєю мовою.\n' +
      '🔊 Я відповідаю голосом і ставлю наступне запитання.',
    'welcome.ready': 'Готово! Надішли голосове або напиши чеською. Наприклад:',
    'register.first': 'Ми ще не знайомі! Натисни /start, це займе хвилину.',

    'native.choose': 'Якою мовою пояснювати помилки?',
    'native.chosen': 'Мова пояснень: {language}',
    'level.choose': 'Як добре ти розмовляєш чеською?',
    'level.chosen': 'Твій рівень: {level}',
    'level.first_steps': 'Знаю перші слова · A0–A1',
    'level.first_steps.hint': 'привітатися, назвати себе, відповісти «так» чи «ні»',
    'level.beginner': 'Розмовляю простими фразами · A2',
    'level.beginner.hint': 'розповісти про себе, купити квиток, спитати дорогу',
    'level.intermediate': 'Порозуміюся майже всюди · B1',
    'level.intermediate.hint': 'розповісти, що було вчора й що буде завтра, хай і з помилками',
    'level.advanced': 'Розмовляю вільно · B2',
    'level.advanced.hint': 'сперечатися, пояснювати свою думку, розуміти жарти',
    'level.native': 'Розмовляю майже як чехи · C1',
    'level.native.hint': 'говорити про що завгодно: ідіоми, сленг, відтінки',

    'gender.ask': 'Як про тебе говорити чеською? Так я не помилюся у твоїх фразах і у своїх.',
    'gender.chosen':
      '{gender, select, feminine {Добре: byla jsem, jsem ráda.} masculine {Добре: byl jsem, jsem rád.} other {Добре, обійдемося без цього.}}',
    'gender.feminine': 'byla jsem (жіночий рід)',
    'gender.masculine': 'byl jsem (чоловічий рід)',
    'gender.unsaid': 'Не скажу',
  },
  en: {
    'command.start': 'Start, change the language or your level',

    'welcome.new':
      'Ahoj! Já jsem Honzík z Prahy.\n\n' +
      'Hi! I’m Honzík. Here at Mluv.Me I’ll help you speak Czech:\n' +
      '🎙 You send me a voice note or a text in Czech.\n' +
      '✏️ I show what I heard and explain your mistakes in your language.\n' +
      '🔊 I answer with my voice and ask the next question.',
    'welcome.ready': 'All set! Send me a voice note or write in Czech. For example:',
    'register.first': 'We haven’t met yet! Press /start, it takes a minute.',

    'native.choose': 'Which language shall I explain mistakes in?',
    'native.chosen': 'Explanations in: {language}',
    'level.choose': 'How well do you speak Czech?',
    'level.chosen': 'Your level: {level}',
    'level.first_steps': 'I know my first words · A0–A1',
    'level.first_steps.hint': 'say hello, give my name, answer yes or no',
    'level.beginner': 'I get by in simple phrases · A2',
    'level.beginner.hint': 'talk about myself, buy a ticket, ask the way',
    'level.intermediate': 'I manage almost anywhere · B1',
    'level.intermediate.hint': 'say what happened and what comes next, even if with mistakes',
    'level.advanced': 'I speak fluently · B2',
    'level.advanced.hint': 'argue, explain what I think, get the jokes',
    'level.native': 'I speak almost like a Czech · C1',
    'level.native.hint': 'talk about anything: idioms, slang, shades of meaning',

    'gender.ask':
      'How do you speak about yourself in Czech? Then I’ll get it right in your sentences and in mine.',
    'gender.chosen':
      '{gender, select, feminine {Good: byla jsem, jsem ráda.} masculine {Good: byl jsem, jsem rád.} other {All right, we’ll do without.}}',
    'gender.feminine': 'byla jsem (feminine)',
    'gender.masculine': 'byl jsem (masculine)',
    'gender.unsaid': 'I’d rather not say',
  },
  cs: {
    'command.start': 'Začít, změnit jazyk vysvětlení nebo úroveň',

    'welcome.new':
      'Ahoj! Já jsem Honzík z Prahy.\n\n' +
      'Tady v Mluv.Me ti pomůžu mluvit česky:\n' +
      '🎙 Pošleš mi hlasovku nebo text v češtině.\n' +
      '✏️ Ukážu ti, co slyším, a vysvětlím chyby ve tvém jazyce.\n' +
      '🔊 Odpovím ti hlasem a zeptám se dál.',
    'welcome.ready': 'Hotovo! Pošli mi hlasovku nebo napiš česky. Třeba:',
    'register.first': 'Ještě se neznáme! Klepni na /start, zabere to minutku.',

    'native.choose': 'V jakém jazyce ti mám vysvětlovat chyby?',
    'native.chosen': 'Jazyk vysvětlení: {language}',
    'level.choose': 'Jak dobře mluvíš česky?',
    'level.chosen': 'Tvoje úroveň: {level}',
    'level.first_steps': 'Umím první slova · A0–A1',
    'level.first_steps.hint': 'pozdravit, říct svoje jméno, odpovědět ano nebo ne',
    'level.beginner': 'Mluvím v jednoduchých větách · A2',
    'level.beginner.hint': 'říct něco o sobě, koupit jízdenku, zeptat se na cestu',
    'level.intermediate': 'Domluvím se skoro všude · B1',
    'level.intermediate.hint': 'vyprávět, co bylo včera a co bude zítra, třeba i s chybami',
    'level.advanced': 'Mluvím plynně · B2',
    'level.advanced.hint': 'diskutovat, vysvětlit svůj názor, rozumět vtipům',
    'level.native': 'Mluvím skoro jako Češi · C1',
    'level.native.hint': 'mluvit o čemkoli: idiomy, slang, odstíny',

    'gender.ask': 'Jak o sobě mluvíš? Ať to mám správně ve tvých větách i ve svých.',
    'gender.chosen':
      '{gender, select, feminine {Dobře: byla jsem, jsem ráda.} masculine {Dobře: byl jsem, jsem rád.} other {Dobře, obejdeme se bez toho.}}',
    'gender.feminine': 'byla jsem (žensky)',
    'gender.masculine': 'byl jsem (mužsky)',
    'gender.unsaid': 'To si nechám pro sebe',
  },
}
