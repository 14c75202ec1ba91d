import { styleText } from 'node:util'
import type { ChatEvent } from './telegram/chats.ts'
import type { Entity, Message } from './telegram/objects.ts'

export type Line = {
  /** Since the learner's last act. */
  ms: number
  who: string
  text: string
}

const NAME_WIDTH = 8
const INDENT = ' '.repeat(9 + NAME_WIDTH + 1)

/** One line of a conversation for a terminal: when, who, what; further lines of the text stand below it. */
export function transcriptLine({ ms, who, text }: Line): string {
  const seconds = `${(ms / 1000).toFixed(1)} s`.padStart(7)
  const name = styleText('bold', who.padEnd(NAME_WIDTH))
  return `${styleText('dim', seconds)}  ${name} ${text.replaceAll('\n', `\n${INDENT}`)}`
}

/** What a learner sees of an event in the chat; undefined for what is not to be seen. */
export function shown(event: ChatEvent): string | undefined {
  switch (event.kind) {
    case 'sent':
      return shownMessage(event.message)
    case 'edited':
      return `${note('changes that message to:')}\n${shownMessage(event.message)}`
    case 'deleted':
      return note('deletes a message')
    case 'reacted':
      return note(`reacts with ${event.emoji.join(' ') || 'nothing'}`)
    case 'action':
      return note(event.action === 'record_voice' ? 'is recording…' : 'is typing…')
    case 'notice':
      return event.text === '' ? undefined : `${note('a notice:')} ${event.text}`
  }
}

/** A remark of the transcript's own, told apart from what is said. */
export function note(text: string): string {
  return styleText('dim', `(${text})`)
}

function shownMessage(message: Message): string {
  const { text, entities, caption, caption_entities } = message
  const said = marked(text ?? caption ?? '', entities ?? caption_entities ?? [])
  const sound = message.voice ?? message.audio
  const kind = message.voice ? 'voice note' : 'audio file'
  const file = sound && `▶ ${kind}, ${sound.duration ?? '?'} s`
  const buttons = message.reply_markup?.inline_keyboard?.flat() ?? []
  const row = buttons.map((button, index) => `[${index + 1} ${button.text}]`).join(' ')
  return [file, said, row].filter((part) => part !== undefined && part !== '').join('\n')
}

type Mark = { before: string; after: string; style?: Parameters<typeof styleText>[0] }

/** Markup as far as a terminal has it; what cannot be told without is marked in plain text, too. */
const MARKS: Record<string, Mark> = {
  bold: { before: '', after: '', style: 'bold' },
  italic: { before: '', after: '', style: 'italic' },
  strikethrough: { before: '~', after: '~', style: 'strikethrough' },
  spoiler: { before: '░ ', after: ' ░', style: 'dim' },
  blockquote: { before: '│ ', after: '' },
}

// Inner stretches first: their marks move the ends of the outer ones.
function marked(text: string, entities: readonly Entity[]): string {
  const pieces = [...text]
  const units: string[] = pieces.flatMap((piece) => [piece, ...Array(piece.length - 1).fill('')])
  for (const { type, offset, length } of [...entities].sort((a, b) => a.length - b.length)) {
    const { before, after, style } = MARKS[type] ?? { before: '', after: '' }
    const inside = `${before}${units.slice(offset, offset + length).join('')}${after}`
    units.fill('', offset, offset + length)
    units[offset] = style ? styleText(style, inside) : inside
  }
  return units.join('')
}
