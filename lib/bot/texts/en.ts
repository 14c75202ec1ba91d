/** English texts, and the list of keys that every language has. ICU messages, plain text. */
export const en = {
  'command.start': 'Meet Honzík and start talking',
  'command.help': 'How it works, the day’s plan, stars',

  'welcome.new':
    'Ahoj! Já jsem Honzík z Prahy.\n\n' +
    'Hi! I’m Honzík. Here at Mluv.Me I’ll help you speak Czech:\n' +
    '🎙 You send me a voice note or a text in Czech.\n' +
    '✏️ I show what I heard and explain your mistakes in your language.\n' +
    '🔊 I answer with my voice and ask the next question.',
  'welcome.back':
    'Good to see you again! Send me a voice note or write in Czech. Jak se dneska máš?',
  'welcome.ready': 'All set! Send me a voice note or write in Czech. For example:',
  'register.first': 'We haven’t met yet! Press /start, it takes a minute.',

  'native.choose': 'Which language shall I explain mistakes in?',
  'native.chosen': 'I’ll explain in: {language}',
  'level.choose': 'How well do you speak Czech?',
  'level.chosen': 'Your level: {level}',
  'level.beginner': 'Beginner · A2–B1',
  'level.beginner.hint': 'simple everyday phrases',
  'level.intermediate': 'Intermediate · B1–B2',
  'level.intermediate.hint': 'everyday talk with richer words',
  'level.advanced': 'Advanced · B2–C1',
  'level.advanced.hint': 'fluent talk, idioms, fine points',
  'level.native': 'Near-native · C2',
  'level.native.hint': 'as with a Czech friend: slang and nuance',

  'help.send':
    'Send me a voice note of up to {maxSeconds, plural, one {# second} other {# seconds}} or a text of {minLength} to {maxLength, plural, one {# character} other {# characters}} in Czech.',
  'help.answer':
    'I show what I heard, explain the mistakes and answer with my voice. Just keep talking!',
  'help.plan':
    'Every day: {voice, plural, one {# voice lesson} other {# voice lessons}} and {text, plural, one {# text lesson} other {# text lessons}}. Messages without any Czech don’t count.',
  'help.stars':
    '{stars, plural, one {# star} other {# stars}} for a lesson, and one more for a score of {goodScore} or better.',
  'help.streak':
    'Talk every day: from day {weekDays} in a row a lesson brings +{weekStars}, from day {monthDays} +{monthStars}.',
  'help.challenge':
    '{lessons, plural, one {# lesson} other {# lessons}} in one day: {stars, plural, one {# star} other {# stars}} on top.',
  'help.privacy':
    'OpenAI processes your messages: it recognises the voice and prepares the answer. We don’t keep recordings, only the text of the lesson.',

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

  'text.tooShort':
    'That’s very short. Write at least {min, plural, one {# character} other {# characters}} in Czech, or better, a whole sentence!',
  'text.tooLong':
    'Your text has {length, plural, one {# character} other {# characters}}, and I read {max, plural, one {# character} other {# characters}} at most. Send it in parts!',
  'text.notCzech':
    'This doesn’t look like Czech. I teach Czech: try it in Czech, mistakes are fine! This message didn’t count.',

  'voice.tooLong':
    'Your recording has {seconds, plural, one {# second} other {# seconds}}, and I listen to {max, plural, one {# second} other {# seconds}} at most. Make it shorter!',
  'voice.tooBig': 'This recording is too big for me. Make it shorter, please!',
  'voice.damaged': 'I can’t play this recording. Please record it again.',
  'voice.silence':
    'I can’t hear anything in this recording. Come closer to the microphone and try again! It didn’t count.',
  'voice.otherLanguage':
    'This sounds like another language: {language}. I teach Czech: try it in Czech, mistakes are fine! This message didn’t count.',
  'voice.notCzech':
    'This doesn’t sound like Czech. I teach Czech: try it in Czech, mistakes are fine! This message didn’t count.',
  'voice.expired': 'I can’t get at this recording any more. Please send it again.',

  'verdict.heard': 'I heard',
  'verdict.wrote': 'Your text',
  'verdict.corrected': 'Correct',
  'verdict.praise': 'No mistakes, great!',
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

  'quota.usedUp':
    '{kind, select, voice {Your voice lessons} other {Your text lessons}} for today are used up ({limit} a day). New ones come in {unit, select, hours {{amount, plural, one {# hour} other {# hours}}} other {{amount, plural, one {# minute} other {# minutes}}}}.',
  'quota.unheardUsedUp':
    'Too many messages today had no Czech in them. Let’s try again in {unit, select, hours {{amount, plural, one {# hour} other {# hours}}} other {{amount, plural, one {# minute} other {# minutes}}}}. If they were voice notes, check your microphone.',
  'quota.budgetUsedUp':
    'So many people are talking with me today that my daily limit is used up. Come back tomorrow! This message didn’t count.',

  'failure.delayed': 'I need a little longer for this one. No need to send it again!',
  'failure.press': 'That didn’t work. Please press it once more.',
  'failure.parked':
    'I have your message. I can’t answer right now, but I will as soon as I can. No need to send it again.',
  'failure.dead':
    'Sorry, I couldn’t answer this message. It didn’t count against your day. Please send it again.',
  'failure.unshown':
    'Your lesson counted, but I couldn’t send you all of my answer. Sorry! Let’s go on.',
  'failure.refused': 'Let’s talk about something else. Jaký máš dneska den?',
} as const

export type TextKey = keyof typeof en
