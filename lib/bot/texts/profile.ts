import type { FeatureTexts, NoArguments } from './feature-texts.ts'

/** What Telegram shows of the bot: `description` in an empty chat (512 characters), `about` in its profile (120). */
export type ProfileTexts = {
  'profile.description': NoArguments
  'profile.about': NoArguments
}

export const profileTexts: FeatureTexts<ProfileTexts> = {
  ru: {
    'profile.description':
      'Honzík из Праги поможет тебе заговорить по-чешски.\n\n' +
      '🎙 Пришли голосовое или текст на чешском, можно с ошибками.\n' +
      '✏️ Он покажет, что услышал, и объяснит ошибки на твоём языке.\n' +
      '🔊 А потом ответит голосом и спросит дальше.\n\n' +
      'От первых слов до свободной речи. Каждый день есть бесплатные уроки.',
    'profile.about': 'Говори по-чешски: Honzík из Праги поправит, объяснит и ответит голосом.',
  },
  uk: {
    'profile.description':
      'Honzík із Праги допоможе тобі заговорити чеською.\n\n' +
      '🎙 Надішли голосове або текст чеською, можна з помилками.\n' +
      '✏️ Він покаже, що почув, і пояснить помилки твоєю мовою.\n' +
      '🔊 А потім відповість голосом і запитає далі.\n\n' +
      'Від перших слів до вільного мовлення. Щодня є безкоштовні уроки.',
    'profile.about': 'Говори чеською: Honzík із Праги виправить, пояснить і відповість голосом.',
  },
  en: {
    'profile.description':
      'Honzík from Prague helps you speak Czech.\n\n' +
      '🎙 Send a voice note or a text in Czech, mistakes and all.\n' +
      '✏️ He shows what he heard and explains your mistakes in your language.\n' +
      '🔊 Then he answers with his voice and asks the next question.\n\n' +
      'From your first words to free conversation. There are free lessons every day.',
    'profile.about':
      'Speak Czech with Honzík from Prague: you talk, he corrects, explains and answers by voice.',
  },
  cs: {
    'profile.description':
      'Honzík z Prahy ti pomůže mluvit česky.\n\n' +
      '🎙 Pošli hlasovku nebo text v češtině, klidně s chybami.\n' +
      '✏️ Ukáže ti, co slyšel, a vysvětlí chyby ve tvém jazyce.\n' +
      '🔊 Pak odpoví hlasem a zeptá se dál.\n\n' +
      'Od prvních slov až po plynulou řeč. Každý den máš lekce zdarma.',
    'profile.about':
      'Povídej si česky s Honzíkem z Prahy: ty mluvíš, on opraví, vysvětlí a odpoví hlasem.',
  },
}
