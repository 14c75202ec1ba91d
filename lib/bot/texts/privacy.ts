import type { FeatureTexts, NoArguments } from './feature-texts.ts'

/** The words about what is kept of people. */
export type PrivacyTexts = {
  'command.privacy': NoArguments
  'command.exportMe': NoArguments
  'command.deleteMe': NoArguments
  'privacy.kept': NoArguments
  'privacy.keptForAWhile': { days: number; speechDays: number; translationDays: number }
  'privacy.voice': { turns: number }
  'privacy.people': NoArguments
  'privacy.commands': NoArguments
  'export.caption': NoArguments
  'export.nothing': NoArguments
  'delete.ask': { days: number }
  'delete.yes': NoArguments
  'delete.no': NoArguments
  'delete.kept': NoArguments
  'delete.done': NoArguments
}

export const privacyTexts: FeatureTexts<PrivacyTexts> = {
  ru: {
    'command.privacy': 'Что здесь хранится и кто это видит',
    'command.exportMe': 'Прислать всё, что о тебе хранится',
    'command.deleteMe': 'Удалить всё, что о тебе хранится',
    'privacy.kept':
      'Пока не удалишь, хранятся: твой ID в Telegram (без имени и номера телефона), языки, уровень и другие настройки, звёзды и серия, тексты уроков с ответами и исправлениями и то, что я из них о тебе помню (/memory).',
    'privacy.keptForAWhile':
      'На время: твоё сообщение, пока на него нет ответа. Если ответить не получилось, оно хранится {days, plural, one {# день} few {# дня} other {# дней}}, потом исчезает. Голос ответа хранится, пока не отправлен. Озвученные фразы хранятся ещё {speechDays, plural, one {# день} few {# дня} other {# дней}}, переводы — {translationDays, plural, one {# день} few {# дня} other {# дней}}: зашифрованными и без указания, чьи они.',
    'privacy.voice':
      'Твою запись слышит OpenAI: там её превращают в текст. У нас записи не остаются, они лежат только в Telegram. Туда же, в OpenAI, идут текст урока, {turns, plural, one {последняя # пара реплик} few {последние # пары реплик} other {последние # пар реплик}} разговора, родной язык, уровень и то, что я о тебе помню, но не твой ID в Telegram. Мы просим OpenAI ничего из этого не хранить.',
    'privacy.people':
      'Твои тексты мы никому не показываем. Доступ к базе есть только у того, кто отвечает за этого бота. В рабочем журнале есть ID и цифры, но нет ни слова из уроков.',
    'privacy.commands':
      '/export_me пришлёт всё одним файлом. /delete_me сначала спросит, а потом удалит всё. Сам чат в Telegram удаляешь ты.',
    'export.caption':
      'Здесь всё, что о тебе хранится: файл в формате JSON, его прочтёт любая программа для текста.',
    'export.nothing': 'О тебе здесь пока ничего не хранится.',
    'delete.ask':
      'Удалить всё, что о тебе хранится? Исчезнут уроки и исправления, звёзды и серия, настройки, всё, что я о тебе помню, и сообщения, на которые ещё нет ответа. Вернуть это будет нельзя. Останется то, по чему не узнать, чьё оно: суммы за распознавание и ответы и, до {days, plural, one {# дня} other {# дней}}, озвучка и переводы фраз. Переписка в Telegram остаётся у тебя.',
    'delete.yes': 'Удалить всё',
    'delete.no': 'Ничего не удалять',
    'delete.kept': 'Хорошо, ничего не удалено.',
    'delete.done':
      'Готово, здесь больше нет ничего, что связано с тобой. Сообщения в этом чате можно удалить в Telegram. Если напишешь снова, познакомимся заново.',
  },
  uk: {
    'command.privacy': 'Що тут зберігається і хто це бачить',
    'command.exportMe': 'Надіслати все, що про тебе зберігається',
    'command.deleteMe': 'Видалити все, що про тебе зберігається',
    'privacy.kept':
      'Доки не видалиш, зберігаються: твій ID у Telegram (без імені та номера телефону), мови, рівень та інші налаштування, зірки й серія, тексти уроків з відповідями та виправленнями і те, що я з них про тебе пам’ятаю (/memory).',
    'privacy.keptForAWhile':
      'На певний час: твоє повідомлення, доки на нього немає відповіді. Якщо відповісти не вдалося, воно зберігається {days, plural, one {# день} few {# дні} other {# днів}}, а потім зникає. Голос відповіді зберігається, доки його не надіслано. Озвучені фрази зберігаються ще {speechDays, plural, one {# день} few {# дні} other {# днів}}, переклади — {translationDays, plural, one {# день} few {# дні} other {# днів}}: зашифрованими й без указівки, чиї вони.',
    'privacy.voice':
      'Твій запис чує OpenAI: там його перетворюють на текст. У нас записів не лишається, вони лежать тільки в Telegram. Туди ж, до OpenAI, ідуть текст уроку, {turns, plural, one {остання # пара реплік} few {останні # пари реплік} other {останні # пар реплік}} розмови, рідна мова, рівень і те, що я про тебе пам’ятаю, але не твій ID у Telegram. Ми просимо OpenAI нічого з цього не зберігати.',
    'privacy.people':
      'Твоїх текстів ми нікому не показуємо. Доступ до бази має лише той, хто відповідає за цього бота. У робочому журналі є ID і цифри, але немає жодного слова з уроків.',
    'privacy.commands':
      '/export_me надішле все одним файлом. /delete_me спершу запитає, а потім видалить усе. Сам чат у Telegram видаляєш ти.',
    'export.caption':
      'Тут усе, що про тебе зберігається: файл у форматі JSON, його прочитає будь-яка програма для тексту.',
    'export.nothing': 'Про тебе тут поки нічого не зберігається.',
    'delete.ask':
      'Видалити все, що про тебе зберігається? Зникнуть уроки й виправлення, зірки та серія, налаштування, усе, що я про тебе пам’ятаю, і повідомлення, на які ще немає відповіді. Повернути це буде неможливо. Залишиться те, з чого не видно, чиє воно: суми за розпізнавання й відповіді та, до {days, plural, one {# дня} other {# днів}}, озвучення й переклади фраз. Листування в Telegram лишається в тебе.',
    'delete.yes': 'Видалити все',
    'delete.no': 'Нічого не видаляти',
    'delete.kept': 'Гаразд, нічого не видалено.',
    'delete.done':
      'Готово, тут більше немає нічого, що пов’язано з тобою. Повідомлення в цьому чаті можна видалити в Telegram. Якщо напишеш знову, познайомимося наново.',
  },
  en: {
    'command.privacy': 'What is kept here, and who sees it',
    'command.exportMe': 'Send me all that is kept about me',
    'command.deleteMe': 'Delete all that is kept about me',
    'privacy.kept':
      'Kept until you delete it: your Telegram ID (neither your name nor your phone number), languages, level and other settings, stars and streak, the texts of your lessons with answers and corrections, and what I remember about you from them (/memory).',
    'privacy.keptForAWhile':
      'Kept for a while: your message until it is answered. If it couldn’t be, it is kept for {days, plural, one {# day} other {# days}} and then goes. The voice of an answer is kept until it is sent. Spoken sentences stay for {speechDays, plural, one {# day} other {# days}} and translations for {translationDays, plural, one {# day} other {# days}}, encrypted and with no record of whose they are.',
    'privacy.voice':
      'OpenAI hears your recording and turns it into text. We keep no recordings: they stay with Telegram alone. OpenAI also gets the text of the lesson, the last {turns, plural, one {# exchange} other {# exchanges}} of the conversation, your native language and level, and what I remember about you, but not your Telegram ID. We ask OpenAI not to store any of it.',
    'privacy.people':
      'We show your texts to nobody. Only the person responsible for this bot can get at the database. The log has IDs and figures, but not a word of your lessons.',
    'privacy.commands':
      '/export_me sends you everything as one file. /delete_me asks first, then deletes everything. The chat in Telegram is yours to delete.',
    'export.caption':
      'This is all that is kept about you: a JSON file, which any text editor can open.',
    'export.nothing': 'Nothing is kept about you here yet.',
    'delete.ask':
      'Delete all that is kept about you? Your lessons and corrections, stars and streak, settings, all that I remember about you, and messages that have no answer yet will be gone for good. What stays doesn’t show whose it was: how much recognising and answering cost, and, for up to {days, plural, one {# day} other {# days}}, spoken and translated sentences. The chat stays in your Telegram.',
    'delete.yes': 'Delete everything',
    'delete.no': 'Delete nothing',
    'delete.kept': 'All right, nothing was deleted.',
    'delete.done':
      'Done: nothing here is linked to you any more. You can delete the messages of this chat in Telegram. If you write again, we’ll start from the beginning.',
  },
  cs: {
    'command.privacy': 'Co se tu ukládá a kdo to vidí',
    'command.exportMe': 'Poslat všechno, co je tu o tobě uložené',
    'command.deleteMe': 'Smazat všechno, co je tu o tobě uložené',
    'privacy.kept':
      'Dokud to nesmažeš, je tu uložené: tvoje ID v Telegramu (jméno ani telefonní číslo ne), jazyky, úroveň a další nastavení, hvězdičky a série, texty lekcí s odpověďmi a opravami a co si z nich o tobě pamatuju (/memory).',
    'privacy.keptForAWhile':
      'Jen na čas: tvoje zpráva, dokud na ni nepřijde odpověď. Když se odpovědět nepovede, zůstane {days, plural, one {# den} few {# dny} other {# dní}} a pak zmizí. Hlas odpovědi je tu, dokud se neodešle. Namluvené věty tu zůstanou ještě {speechDays, plural, one {# den} few {# dny} other {# dní}}, překlady {translationDays, plural, one {# den} few {# dny} other {# dní}}: zašifrované a bez údaje, čí jsou.',
    'privacy.voice':
      'Tvoji nahrávku slyší OpenAI, tam se převádí na text. U nás nahrávky nezůstávají, jsou jen v Telegramu. Do OpenAI jde i text lekce, {turns, plural, one {poslední # dvojice replik} few {poslední # dvojice replik} other {posledních # dvojic replik}} z rozhovoru, mateřština, úroveň a co si o tobě pamatuju, ale ne tvoje ID v Telegramu. OpenAI prosíme, ať nic z toho neukládá.',
    'privacy.people':
      'Tvoje texty nikomu neukazujeme. K databázi se dostane jen ten, kdo má tohohle bota na starosti. V provozním záznamu jsou ID a čísla, ale ani slovo z lekcí.',
    'privacy.commands':
      '/export_me pošle všechno v jednom souboru. /delete_me se nejdřív zeptá a pak všechno smaže. Samotný chat si v Telegramu mažeš ty.',
    'export.caption':
      'Tohle je všechno, co je tu o tobě uložené: soubor ve formátu JSON, otevřeš ho v každém textovém editoru.',
    'export.nothing': 'Zatím tu o tobě nic uloženého není.',
    'delete.ask':
      'Smazat všechno, co je tu o tobě uložené? Zmizí lekce a opravy, hvězdičky a série, nastavení, co si o tobě pamatuju, i zprávy, na které ještě nepřišla odpověď. Vrátit to nepůjde. Zůstane to, z čeho není vidět, čí to je: částky za rozpoznávání a odpovědi a nejdéle {days, plural, one {# den} few {# dny} other {# dní}} namluvené a přeložené věty. Chat v Telegramu ti zůstane.',
    'delete.yes': 'Smazat všechno',
    'delete.no': 'Nic nemazat',
    'delete.kept': 'Dobře, nic se nesmazalo.',
    'delete.done':
      'Hotovo, už tu není nic, co by s tebou souviselo. Zprávy v tomhle chatu můžeš smazat v Telegramu. Když napíšeš znovu, seznámíme se od začátku.',
  },
}
