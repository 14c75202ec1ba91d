import { sql } from 'kysely'
import { INTERFACE_LANGUAGE_SETTINGS } from '../../lib/domain/learner/learner.ts'
import type { ChatMessage } from '../../scripts/studio/telegram/chats.ts'
import { type Person, sendRecorded, type WholeBot } from '../support/whole-bot.ts'

/**
 * Plays a transcript and writes it down anew: what is above the first act and the acts are as they were, and behind
 * each act stands all that the learner then saw change.
 *
 * Above the acts, `app: uk` is the language of the Telegram app, and `learner: uk advanced` makes the person one who has
 * chosen that language and level, and `interface: cs` the bot's own language; without a learner they are a stranger. An
 * act is a line that begins with `>`:
 *
 * | act | what the learner does |
 * |---|---|
 * | `> Dobrý den!` | writes, also a command |
 * | `> ↩ Dobrý den!` | answers the bot's newest message by a reply |
 * | `> [Button]` | presses the button of the newest message that has it, or had it |
 * | `> 🎙 name` | sends one of the recordings of the studio, by its name |
 * | `> ✎ Dobrý den!` | edits their own newest message |
 * | `> 🖼 Dobrý den!` | sends a photo with that caption; without one, a photo alone |
 * | `> 💰 85 %` | has spent so much of their budget of the day, which is a dollar |
 */
export async function play(bot: WholeBot, transcript: string): Promise<string> {
  const lines = transcript.split('\n')
  const firstAct = lines.findIndex(isAct)
  if (firstAct === -1) throw new Error('A transcript needs an act: a line that begins with ">".')
  const heading = lines.slice(0, firstAct)
  const person = await personOf(bot, heading)
  const parts = [heading.join('\n').trimEnd()]
  for (const line of lines.filter(isAct)) {
    const screenBefore = screenOf(bot, person)
    await act(bot, person, line.slice(1).trim())
    await bot.settled()
    parts.push([line, ...changes(screenBefore, screenOf(bot, person))].join('\n'))
  }
  return `${parts.join('\n\n')}\n`
}

const isAct = (line: string) => line.startsWith('>')

async function personOf(bot: WholeBot, heading: readonly string[]): Promise<Person> {
  const fieldOf = (name: string) =>
    heading
      .find((line) => line.startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim()
  const [native, level] = fieldOf('learner')?.split(' ') ?? []
  const app = fieldOf('app')
  if (native === undefined) return bot.stranger(app)
  const person = await bot.learner(native, levelOf(level))
  if (app !== undefined) person.user.language_code = app
  const interfaceLanguage = INTERFACE_LANGUAGE_SETTINGS.find(
    (code) => code === fieldOf('interface'),
  )
  if (interfaceLanguage !== undefined)
    await bot.deps.learners.choose(person.id, { interfaceLanguage })
  return person
}

type Level = NonNullable<Parameters<WholeBot['learner']>[1]>

function levelOf(word: string | undefined): Level {
  const levels: Level[] = ['first_steps', 'beginner', 'intermediate', 'advanced', 'native']
  const level = levels.find((candidate) => candidate === (word ?? 'beginner'))
  if (level === undefined) throw new Error(`There is no level "${word}".`)
  return level
}

async function act(bot: WholeBot, person: Person, line: string): Promise<void> {
  const [sign = '', ...words] = line.split(' ')
  const argument = words.join(' ')
  if (line.startsWith('[')) return press(person, line.slice(1, -1))
  if (sign === '🎙') return void sendRecorded(person, recordingOf(argument))
  if (sign === '💰') return spend(bot, person, Number(words[0]) / 100)
  if (sign === '🖼') {
    const fields = argument === '' ? {} : { caption: argument }
    return void person.sendsFile('photo', new Uint8Array(64), {}, fields)
  }
  if (sign === '✎') return void person.edits(newest(bot, person, 'learner').id, argument)
  if (sign === '↩') {
    const { message } = newest(bot, person, 'bot')
    return void person.says(argument, { reply_to_message: message })
  }
  person.says(line)
}

/** Makes what the learner has paid for today come to this many dollars. */
async function spend({ db }: WholeBot, { id }: Person, usd: number): Promise<void> {
  await sql`
    with learner as (
      select id, (now() at time zone time_zone)::date as today from learner where telegram_id = ${id}
    ), lessons as (
      select coalesce(sum(charged_micro_usd), 0)::bigint as cost from quota_use, learner
      where learner_id = learner.id and day = today and kind <> 'aside'
    )
    insert into quota_use (learner_id, day, kind, place, charged_micro_usd)
    select id, today, 'aside', 1, ${usd * 1e6}::bigint - cost from learner, lessons
    on conflict (learner_id, day, kind, place) do update
      set charged_micro_usd = excluded.charged_micro_usd`.execute(db)
}

const RECORDING_NAMES = ['food', 'prague', 'russian', 'shop', 'silence'] as const

function recordingOf(name: string): (typeof RECORDING_NAMES)[number] {
  const recording = RECORDING_NAMES.find((candidate) => candidate === name)
  if (recording !== undefined) return recording
  throw new Error(`There is no recording "${name}", but ${RECORDING_NAMES.join(', ')}.`)
}

function press(person: Person, label: string): void {
  const messages = person.seen().toReversed()
  for (const { id, buttons, revisions } of messages) {
    const shownButton = buttons.find(({ text }) => readable(text) === label)
    const earlierButton = revisions
      .flatMap(({ reply_markup }) => reply_markup?.inline_keyboard?.flat() ?? [])
      .findLast(({ text }) => readable(text) === label)
    const data = (shownButton ?? earlierButton)?.callback_data
    if (data !== undefined) return void person.taps(id, data)
  }
  const labels = messages.flatMap(({ buttons }) => buttons.map(({ text }) => readable(text)))
  throw new Error(`There is no button [${label}], but [${labels.join('], [')}].`)
}

function newest(bot: WholeBot, { chat }: Person, author: ChatMessage['author']): ChatMessage {
  const message = bot.telegram
    .chat(chat.id)
    .messages.findLast((candidate) => candidate.author === author)
  if (message === undefined) throw new Error(`The ${author} has written nothing yet.`)
  return message
}

/** What the learner has before them: each of the bot's messages, and the pop-ups so far. */
type Screen = { messages: Map<number, string>; notices: string[] }

function screenOf(bot: WholeBot, person: Person): Screen {
  const { history } = bot.telegram.chat(person.chat.id)
  return {
    messages: new Map(person.seen().map((message) => [message.id, describe(message)])),
    notices: history.flatMap((event) =>
      event.kind === 'notice' && event.text !== '' ? [readable(event.text)] : [],
    ),
  }
}

/** New and changed messages in the chat's order, sounds last: a voice note and a verdict do not wait for each other. */
function changes(screenBefore: Screen, screenAfter: Screen): string[] {
  const shownMessages = [...screenAfter.messages]
    .filter(([id, content]) => screenBefore.messages.get(id) !== content)
    .map(([id, content]) => ({ verb: screenBefore.messages.has(id) ? ' (edited)' : '', content }))
  const isSound = ({ content }: { content: string }) => /^[🔊📎]/u.test(content)
  const deletedIds = [...screenBefore.messages.keys()].filter((id) => !screenAfter.messages.has(id))
  return [
    ...[
      ...shownMessages.filter((message) => !isSound(message)),
      ...shownMessages.filter(isSound),
    ].map(({ verb, content }) => `Honzík${verb}:\n${indent(content)}`),
    ...deletedIds.map(() => 'Honzík deletes a message.'),
    ...screenAfter.notices.slice(screenBefore.notices.length).map((notice) => `(pop-up) ${notice}`),
  ]
}

function describe({ text, file, message, markup }: ChatMessage): string {
  const rows = message.reply_markup?.inline_keyboard ?? []
  const isReplyAsked = markup !== null && 'force_reply' in markup
  return [
    ...(file === null ? [] : [file.kind === 'voice' ? '🔊' : `📎 ${file.kind}`]),
    ...(text === '' ? [] : [readable(text)]),
    ...rows.map((row) => row.map((button) => `[${readable(button.text)}]`).join(' ')),
    ...(isReplyAsked ? ['(asks for a reply)'] : []),
  ].join('\n')
}

function indent(content: string): string {
  return content
    .split('\n')
    .map((line) => (line === '' ? '' : `  ${line}`))
    .join('\n')
}

/** A text without its invisible characters, and with one time of day in place of every other. */
function readable(text: string): string {
  return text
    .replaceAll('\u2060', '')
    .replaceAll('\u00a0', ' ')
    .replaceAll('\u202f', ' ')
    .replace(/\b([01]\d|2[0-3]):[0-5]\d\b/g, '12:34')
}
