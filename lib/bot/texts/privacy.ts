import type { FeatureTexts, NoArguments } from './feature-texts.ts'

/** The words about what is kept of people. */
export type PrivacyTexts = {
  'command.privacy': NoArguments
  'command.exportMe': NoArguments
  'command.deleteMe': NoArguments
  'privacy.kept': NoArguments
  'privacy.keptForAWhile': { days: number }
  'privacy.voice': { turns: number }
  'privacy.people': NoArguments
  'privacy.commands': NoArguments
  'export.caption': NoArguments
  'export.nothing': NoArguments
  'delete.ask': NoArguments
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
      'Пока не удалишь, хранятся: твой номер в Telegram (имя оттуда не записывается), языки, уровень и другие настройки, звёзды и серия, тексты уроков с ответами и исправлениями и то, что я из них о тебе помню (/memory).',
    'privacy.keptForAWhile':
      'На время: твоё сообщение, пока на него нет ответа. Если ответить не получилось, оно хранится {days, plural, one {# день} few {# дня} other {# дней}}, потом исчезает. Голос ответа хранится, пока не отправлен.',
    'privacy.voice':
      'Твою запись слышит OpenAI: там её превращают в текст. У нас записи не остаются, они лежат только в Telegram. Туда же, в OpenAI, идут текст урока и {turns, plural, one {# последняя реплика} few {# последние реплики} other {# последних реплик}} разговора, родной язык, уровень и то, что я о тебе помню, без номера в Telegram. Мы просим OpenAI их не хранить.',
    'privacy.people':
      'Людям твои тексты не показываем. Доступ к базе есть только у того, кто отвечает за этого бота. В рабочем журнале есть номера, но не слова.',
    'privacy.commands':
      '/export_me пришлёт всё одним файлом. /delete_me удалит всё. Сам чат в Telegram удаляешь ты.',
    'export.caption':
      'Здесь всё, что о тебе хранится: файл в формате JSON, его прочтёт любая программа для текста.',
    'export.nothing': 'О тебе здесь пока ничего не хранится.',
    'delete.ask':
      'Удалить всё, что о тебе хранится? Исчезнут уроки и исправления, звёзды и серия, настройки и сообщения, на которые ещё нет ответа. Вернуть это будет нельзя. Останется только счёт за распознавание и ответы, по нему не узнать, чей он. Переписка в Telegram остаётся у тебя.',
    'delete.yes': 'Удалить всё',
    'delete.no': 'Ничего не удалять',
    'delete.kept': 'Хорошо, ничего не удалено.',
    'delete.done':
      'Готово, здесь о тебе больше ничего нет. Сообщения в этом чате можно удалить в Telegram. Если напишешь снова, познакомимся заново.',
  },
  uk: {
    'command.privacy': 'Що тут зберігається і хто це бачить',
    'command.exportMe': 'Надіслати все, що про тебе зберігається',
    'command.deleteMe': 'Видалити все, що про тебе зберігається',
    'privacy.kept':
      'Доки не видалиш, зберігаються: твій номер у Telegram (ім’я звідти не записується), мови, рівень та інші налаштування, зірки й серія, тексти уроків з відповідями та виправленнями і те, що я з них про тебе пам’ятаю (/memory).',
    'privacy.keptForAWhile':
      'На певний час: твоє повідомлення, доки на нього немає відповіді. Якщо відповісти не вдалося, воно зберігається {days, plural, one {# день} few {# дні} other {# днів}}, а потім зникає. Голос відповіді зберігається, доки його не надіслано.',
    'privacy.voice':
      'Твій запис чує OpenAI: там його перетворюють на текст. У нас записів не лишається, вони лежать тільки в Telegram. Туди ж, до OpenAI, ідуть текст уроку та {turns, plural, one {# остання репліка} few {# останні репліки} other {# останніх реплік}} розмови, рідна мова, рівень і те, що я про тебе пам’ятаю, без номера в Telegram. Ми просимо OpenAI їх не зберігати.',
    'privacy.people':
      'Людям твоїх текстів не показуємо. Доступ до бази має лише той, хто відповідає за цього бота. У робочому журналі є номери, але не слова.',
    'privacy.commands':
      '/export_me надішле все одним файлом. /delete_me видалить усе. Сам чат у Telegram видаляєш ти.',
    'export.caption':
      'Тут усе, що про тебе зберігається: файл у форматі JSON, його прочитає будь-яка програма для тексту.',
    'export.nothing': 'Про тебе тут поки нічого не зберігається.',
    'delete.ask':
      'Видалити все, що про тебе зберігається? Зникнуть уроки й виправлення, зірки та серія, налаштування і повідомлення, на які ще немає відповіді. Повернути це буде неможливо. Залишиться тільки рахунок за розпізнавання й відповіді, з нього не видно, чий він. Листування в Telegram лишається в тебе.',
    'delete.yes': 'Видалити все',
    'delete.no': 'Нічого не видаляти',
    'delete.kept': 'Гаразд, нічого не видалено.',
    'delete.done':
      'Готово, тут про тебе більше нічого немає. Повідомлення в цьому чаті можна видалити в Telegram. Якщо напишеш знову, познайомимося наново.',
  },
  en: {
    'command.privacy': 'What is kept here, and who sees it',
    'command.exportMe': 'Send me all that is kept about me',
    'command.deleteMe': 'Delete all that is kept about me',
    'privacy.kept':
      'Kept until you delete it: your Telegram number (your name there is not written down), languages, level and other settings, stars and streak, the texts of your lessons with answers and corrections, and what I remember about you from them (/memory).',
    'privacy.keptForAWhile':
      'Kept for a while: your message until it is answered. If it couldn’t be, it is kept for {days, plural, one {# day} other {# days}} and then goes. The voice of an answer is kept until it is sent.',
    'privacy.voice':
      'OpenAI hears your recording and turns it into text. We keep no recordings: they stay with Telegram alone. OpenAI also gets the text of the lesson, the last {turns, plural, one {# exchange} other {# exchanges}} of the conversation, your native language and level, and what I remember about you, without your Telegram number. We ask OpenAI not to store them.',
    'privacy.people':
      'Your texts are shown to no person. Only the one who is responsible for this bot can get at the database. The working log has numbers, but no words.',
    'privacy.commands':
      '/export_me sends you everything as one file. /delete_me deletes everything. The chat in Telegram is yours to delete.',
    'export.caption':
      'This is all that is kept about you: a JSON file, which any text editor can open.',
    'export.nothing': 'Nothing is kept about you here yet.',
    'delete.ask':
      'Delete all that is kept about you? Your lessons and corrections go, and your stars and streak, settings, and messages that have no answer yet. It can’t be brought back. What stays is the bill for recognising and answering, which doesn’t show whose it is. The chat stays in your Telegram.',
    'delete.yes': 'Delete everything',
    'delete.no': 'Delete nothing',
    'delete.kept': 'All right, nothing was deleted.',
    'delete.done':
      'Done: there is nothing about you here any more. You can delete the messages of this chat in Telegram. If you write again, we’ll meet for the first time.',
  },
  cs: {
    'command.privacy': 'Co se tu ukládá a kdo to vidí',
    'command.exportMe': 'Poslat všechno, co je tu o tobě uložené',
    'command.deleteMe': 'Smazat všechno, co je tu o tobě uložené',
    'privacy.kept':
      'Dokud to nesmažeš, je tu uložené: tvoje číslo v Telegramu (jméno odtamtud se nezapisuje), jazyky, úroveň a další nastavení, hvězdičky a série, texty lekcí s odpověďmi a opravami a co si z nich o tobě pamatuju (/memory).',
    'privacy.keptForAWhile':
      'Jen na čas: tvoje zpráva, dokud na ni nepřijde odpověď. Když se odpovědět nepovede, zůstane {days, plural, one {# den} few {# dny} other {# dní}} a pak zmizí. Hlas odpovědi je tu, dokud se neodešle.',
    'privacy.voice':
      'Tvoji nahrávku slyší OpenAI, tam se převádí na text. U nás nahrávky nezůstávají, jsou jen v Telegramu. Do OpenAI jde i text lekce, {turns, plural, one {poslední # výměna} few {poslední # výměny} other {posledních # výměn}} rozhovoru, mateřština, úroveň a co si o tobě pamatuju, bez čísla v Telegramu. OpenAI prosíme, ať je neukládá.',
    'privacy.people':
      'Tvoje texty nikomu neukazujeme. K databázi se dostane jen ten, kdo má tohohle bota na starosti. V provozním záznamu jsou čísla, ale žádná slova.',
    'privacy.commands':
      '/export_me pošle všechno v jednom souboru. /delete_me všechno smaže. Samotný chat si v Telegramu mažeš ty.',
    'export.caption':
      'Tady je všechno, co je tu o tobě uložené: soubor ve formátu JSON, otevřeš ho v každém textovém editoru.',
    'export.nothing': 'Zatím tu o tobě nic uloženého není.',
    'delete.ask':
      'Smazat všechno, co je tu o tobě uložené? Zmizí lekce a opravy, hvězdičky a série, nastavení i zprávy, na které ještě nepřišla odpověď. Vrátit to nepůjde. Zůstane jen účet za rozpoznávání a odpovědi, ze kterého není vidět, čí je. Konverzace v Telegramu zůstává tobě.',
    'delete.yes': 'Smazat všechno',
    'delete.no': 'Nic nemazat',
    'delete.kept': 'Dobře, nic se nesmazalo.',
    'delete.done':
      'Hotovo, už tu o tobě nic není. Zprávy v tomhle chatu můžeš smazat v Telegramu. Když napíšeš znovu, seznámíme se od začátku.',
  },
}
