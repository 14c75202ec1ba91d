import type { FeatureTexts, NoArguments } from './feature-texts.ts'

/** The words said to messages, commands and buttons that are no lesson. */
export type UnsupportedTexts = {
  'unsupported.photo': NoArguments
  'unsupported.sticker': NoArguments
  'unsupported.audio': NoArguments
  'unsupported.videoNote': NoArguments
  'unsupported.video': NoArguments
  'unsupported.document': NoArguments
  'unsupported.other': NoArguments
  'unsupported.group': NoArguments
  'unsupported.command': NoArguments
  'unsupported.button': NoArguments
}

export const unsupportedTexts: FeatureTexts<UnsupportedTexts> = {
  ru: {
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
  },
  uk: {
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
  },
  en: {
    'unsupported.photo': 'I can’t see the photo. Tell me in Czech what’s in it!',
    'unsupported.sticker': 'Nice sticker! But I need words: say it in Czech.',
    'unsupported.audio': 'I don’t take audio files. Hold the microphone and record a voice note!',
    'unsupported.videoNote':
      'I can’t watch video messages. Tap the camera icon to switch it to the microphone, and record a voice note!',
    'unsupported.video': 'I can’t see the video. Tell me in Czech what happens in it!',
    'unsupported.document': 'I don’t open files. Send me a voice note or write in Czech!',
    'unsupported.other': 'I don’t understand this. Send me a voice note or write in Czech!',
    'unsupported.group': 'I teach in private chats only: write to me there!',
    'unsupported.command': 'I don’t know this command. See /help.',
    'unsupported.button': 'This button is out of date. Press /start.',
  },
  cs: {
    'unsupported.photo': 'Fotku nevidím. Řekni mi česky, co na ní je!',
    'unsupported.sticker': 'Pěkná samolepka! Já ale potřebuju slova: řekni to česky.',
    'unsupported.audio': 'Zvukové soubory neberu. Podrž mikrofon a nahraj hlasovku!',
    'unsupported.videoNote':
      'Videozprávy nevidím. Klepni na ikonu kamery, ať se změní na mikrofon, a nahraj hlasovku!',
    'unsupported.video': 'Video nevidím. Řekni mi česky, co se v něm děje!',
    'unsupported.document': 'Soubory neotvírám. Pošli mi hlasovku nebo napiš česky!',
    'unsupported.other': 'Tomuhle nerozumím. Pošli mi hlasovku nebo napiš česky!',
    'unsupported.group': 'Učím jen v soukromých chatech: napiš mi tam!',
    'unsupported.command': 'Tenhle příkaz neznám. Všechny příkazy: /help',
    'unsupported.button': 'Tohle tlačítko už neplatí. Klepni na /start.',
  },
}
