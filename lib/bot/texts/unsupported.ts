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
  'unsupported.edit': NoArguments
}

export const unsupportedTexts: FeatureTexts<UnsupportedTexts> = {
  ru: {
    'unsupported.photo': 'Фото я не вижу. Расскажи по-чешски, что на нём!',
    'unsupported.sticker': 'Классный стикер! Но мне нужны слова: скажи это по-чешски.',
    'unsupported.audio':
      'Такой аудиофайл я не открою. Подойдут OGG, MP3, M4A и WAV, а лучше зажми микрофон и запиши голосовое!',
    'unsupported.videoNote':
      'Видеосообщения я не вижу. Коснись значка камеры, чтобы он стал микрофоном, и запиши голосовое!',
    'unsupported.video': 'Видео я не вижу. Расскажи по-чешски, что в нём происходит!',
    'unsupported.document': 'Файлы я не открываю. Пришли голосовое или напиши по-чешски!',
    'unsupported.other': 'Такого я не понимаю. Пришли голосовое или напиши по-чешски!',
    'unsupported.group': 'Я учу только в личных чатах: напиши мне туда!',
    'unsupported.command': 'Такой команды я не знаю. Все команды: /help',
    'unsupported.button': 'Эта кнопка устарела. Нажми /start.',
    'unsupported.edit':
      'Правок я не вижу: отвечаю на то, что пришло сначала. Хочешь сказать иначе? Пришли новое сообщение!',
  },
  uk: {
    'unsupported.photo': 'Фото я не бачу. Розкажи чеською, що на ньому!',
    'unsupported.sticker': 'Класний стікер! Але мені потрібні слова: скажи це чеською.',
    'unsupported.audio':
      'Такий аудіофайл я не відкрию. Підійдуть OGG, MP3, M4A і WAV, а краще затисни мікрофон і запиши голосове!',
    'unsupported.videoNote':
      'Відеоповідомлень я не бачу. Торкнися значка камери, щоб він став мікрофоном, і запиши голосове!',
    'unsupported.video': 'Відео я не бачу. Розкажи чеською, що в ньому відбувається!',
    'unsupported.document': 'Файлів я не відкриваю. Надішли голосове або напиши чеською!',
    'unsupported.other': 'Такого я не розумію. Надішли голосове або напиши чеською!',
    'unsupported.group': 'Я вчу лише в особистих чатах: напиши мені туди!',
    'unsupported.command': 'Такої команди я не знаю. Усі команди: /help',
    'unsupported.button': 'Ця кнопка застаріла. Натисни /start.',
    'unsupported.edit':
      'Змін у повідомленнях я не бачу: відповідаю на те, що надійшло спочатку. Хочеш сказати інакше? Надішли нове повідомлення!',
  },
  en: {
    'unsupported.photo': 'I can’t see the photo. Tell me in Czech what’s in it!',
    'unsupported.sticker': 'Nice sticker! But I need words: say it in Czech.',
    'unsupported.audio':
      'I can’t open this kind of audio file. OGG, MP3, M4A and WAV will do, or better, hold the microphone and record a voice note!',
    'unsupported.videoNote':
      'I can’t watch video messages. Tap the camera icon to switch it to the microphone, and record a voice note!',
    'unsupported.video': 'I can’t see the video. Tell me in Czech what happens in it!',
    'unsupported.document': 'I don’t open files. Send me a voice note or write in Czech!',
    'unsupported.other': 'I don’t understand this. Send me a voice note or write in Czech!',
    'unsupported.group': 'I teach in private chats only: write to me there!',
    'unsupported.command': 'I don’t know this command. All commands: /help',
    'unsupported.button': 'This button is out of date. Press /start.',
    'unsupported.edit':
      'I don’t see edits: I answer what you sent first. Want to say it another way? Send a new message!',
  },
  cs: {
    'unsupported.photo': 'Fotku nevidím. Řekni mi česky, co na ní je!',
    'unsupported.sticker': 'Pěkná samolepka! Já ale potřebuju slova: řekni to česky.',
    'unsupported.audio':
      'Takový zvukový soubor neotevřu. Beru OGG, MP3, M4A a WAV, ale nejlíp podrž mikrofon a nahraj hlasovku!',
    'unsupported.videoNote':
      'Videozprávy nevidím. Klepni na ikonu kamery, ať se změní na mikrofon, a nahraj hlasovku!',
    'unsupported.video': 'Video nevidím. Řekni mi česky, co se v něm děje!',
    'unsupported.document': 'Soubory neotvírám. Pošli mi hlasovku nebo napiš česky!',
    'unsupported.other': 'Tomuhle nerozumím. Pošli mi hlasovku nebo napiš česky!',
    'unsupported.group': 'Učím jen v soukromých chatech: napiš mi tam!',
    'unsupported.command': 'Tenhle příkaz neznám. Všechny příkazy: /help',
    'unsupported.button': 'Tohle tlačítko už neplatí. Klepni na /start.',
    'unsupported.edit':
      'Úpravy zpráv nevidím: odpovídám na to, co přišlo poprvé. Chceš to říct jinak? Pošli novou zprávu!',
  },
}
