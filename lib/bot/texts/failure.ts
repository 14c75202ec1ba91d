import type { FeatureTexts, NoArguments } from './feature-texts.ts'

/** The words said where something of ours has failed. */
export type FailureTexts = {
  'failure.delayed': NoArguments
  'failure.press': NoArguments
  'failure.parked': NoArguments
  'failure.dead': NoArguments
  'failure.unshown': NoArguments
  'failure.surplus': NoArguments
}

export const failureTexts: FeatureTexts<FailureTexts> = {
  ru: {
    'failure.delayed': 'Мне нужно чуть больше времени. Отправлять ещё раз не нужно!',
    'failure.press': 'Не получилось. Нажми, пожалуйста, ещё раз.',
    'failure.parked':
      'Сообщение у меня. Прямо сейчас ответить не могу, но отвечу, как только получится. Отправлять ещё раз не нужно.',
    'failure.dead':
      'Прости, на это сообщение ответить не получилось. В дневной лимит оно не засчитано. Отправь его, пожалуйста, ещё раз.',
    'failure.unshown':
      'Урок засчитан, но отправить тебе весь ответ не получилось. Прости! Давай продолжим.',
    'failure.surplus':
      'От тебя уже столько сообщений, что я не успеваю. Дай мне сначала на них ответить, а потом пиши дальше: это сообщение я пропущу.',
  },
  uk: {
    'failure.delayed': 'Мені треба трохи більше часу. Надсилати ще раз не потрібно!',
    'failure.press': 'Не вдалося. Натисни, будь ласка, ще раз.',
    'failure.parked':
      'Повідомлення в мене. Зараз відповісти не можу, але відповім, щойно зможу. Надсилати ще раз не треба.',
    'failure.dead':
      'Вибач, на це повідомлення відповісти не вдалося. До денного ліміту його не зараховано. Надішли його, будь ласка, ще раз.',
    'failure.unshown':
      'Урок зараховано, але надіслати тобі всю відповідь не вдалося. Вибач! Продовжуймо.',
    'failure.surplus':
      'Від тебе вже стільки повідомлень, що я не встигаю. Дай мені спершу відповісти на них, а потім пиши далі: це повідомлення я пропущу.',
  },
  en: {
    'failure.delayed': 'I need a little longer for this one. No need to send it again!',
    'failure.press': 'That didn’t work. Please press it once more.',
    'failure.parked':
      'I have your message. I can’t answer right now, but I will as soon as I can. No need to send it again.',
    'failure.dead':
      'Sorry, I couldn’t answer this message. It didn’t count towards your daily limit. Please send it again.',
    'failure.unshown':
      'Your lesson counted, but I couldn’t send you all of my answer. Sorry! Let’s go on.',
    'failure.surplus':
      'You’ve sent me so much that I can’t keep up. Let me answer what I have first, then write again: I’ll skip this message.',
  },
  cs: {
    'failure.delayed': 'Potřebuju na to trochu víc času. Znovu to posílat nemusíš!',
    'failure.press': 'To se nepovedlo. Klepni prosím ještě jednou.',
    'failure.parked':
      'Zprávu mám u sebe. Teď hned odpovědět nemůžu, ale ozvu se, jakmile to půjde. Znovu ji posílat nemusíš.',
    'failure.dead':
      'Promiň, na tuhle zprávu se mi nepodařilo odpovědět. Do denního limitu se nepočítá. Pošli ji prosím znovu.',
    'failure.unshown':
      'Lekce se počítá, ale celou odpověď se mi poslat nepodařilo. Promiň! Pojďme dál.',
    'failure.surplus':
      'Mám od tebe už tolik zpráv, že je nestíhám. Nech mě nejdřív odpovědět na ně a pak piš dál: tuhle zprávu přeskočím.',
  },
}
