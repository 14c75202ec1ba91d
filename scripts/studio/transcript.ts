import { styleText } from 'node:util'
import type { ChatEvent } from './telegram/chats.ts'
import type { Entity, Message } from './telegram/objects.ts'

export type Line = {
  /** Since the learner's last act. */
  ms: number
  speaker: string
  text: string
}

const NAME_WIDTH = 8
const INDENT = ' '.repeat(9 + NAME_WIDTH + 1)

/** One line of a conversation for a terminal: time, speaker, text; further lines of the text stand below it. */
export function transcriptLine({ ms, speaker, text }: Line): string {
  const seconds = `${(ms / 1000).toFixed(1)} s`.padStart(7)
  const name = styleText('bold', speaker.padEnd(NAME_WIDTH))
  return `${styleText('dim', seconds)}  ${name} ${text.replaceAll('\n', `\n${INDENT}`)}`
}

/** An event in the chat as the learner sees it; undefined where the learner sees nothing. */
export function describeEvent(event: ChatEvent): string | undefined {
  switch (event.kind) {
    case 'sent':
      return describeMessage(event.message)
    case 'edited':
      return `${remark('changes that message to:')}\n${describeMessage(event.message)}`
    case 'deleted':
      return remark('deletes a message')
    case 'reacted':
      return remark(`reacts with ${event.emoji.join(' ') || 'nothing'}`)
    case 'action':
      return remark(event.action === 'record_voice' ? 'is recording…' : 'is typing…')
    case 'notice':
      return event.text === '' ? undefined : `${remark('a notice:')} ${event.text}`
  }
}

/** A remark of the transcript's own, dimmed to differ from the text of messages. */
export function remark(text: string): string {
  return styleText('dim', `(${text})`)
}

function describeMessage(message: Message): string {
  const { text, entities, caption, caption_entities, document } = message
  const markedText = markUp(text ?? caption ?? '', entities ?? caption_entities ?? [])
  const sound = message.voice ?? message.audio
  const kind = message.voice ? 'voice note' : 'audio file'
  const file = sound
    ? `▶ ${kind}, ${sound.duration ?? '?'} s`
    : document && `📎 ${document.file_name ?? 'a file'}`
  const buttons = message.reply_markup?.inline_keyboard?.flat() ?? []
  const row = buttons.map((button, index) => `[${index + 1} ${button.text}]`).join(' ')
  return [file, markedText, row].filter((part) => part !== undefined && part !== '').join('\n')
}

type Mark = { before: string; after: string; style?: Parameters<typeof styleText>[0] }

/** Markup as far as a terminal has it; where the meaning depends on it, plain characters mark it too. */
const MARKS: Record<string, Mark> = {
  bold: { before: '', after: '', style: 'bold' },
  italic: { before: '', after: '', style: 'italic' },
  strikethrough: { before: '~', after: '~', style: 'strikethrough' },
  spoiler: { before: '░ ', after: ' ░', style: 'dim' },
  blockquote: { before: '│ ', after: '' },
}

// Inner stretches first: their marks move the ends of the outer ones.
function markUp(text: string, entities: readonly Entity[]): string {
  const pieces = [...text]
  const units: string[] = pieces.flatMap((piece) => [piece, ...Array(piece.length - 1).fill('')])
  for (const { type, offset, length } of [...entities].sort((a, b) => a.length - b.length)) {
    const { before, after, style } = MARKS[type] ?? { before: '', after: '' }
    const markedText = `${before}${units.slice(offset, offset + length).join('')}${after}`
    units.fill('', offset, offset + length)
    units[offset] = style ? styleText(style, markedText) : markedText
  }
  return units.join('')
}
