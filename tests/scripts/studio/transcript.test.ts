import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { ChatEvent } from '../../../scripts/studio/telegram/chats.ts'
import { parseHtml } from '../../../scripts/studio/telegram/html.ts'
import { describeEvent, transcriptLine } from '../../../scripts/studio/transcript.ts'

function sending(html: string): ChatEvent {
  const chat = { id: 1, type: 'private' as const }
  return {
    at: 0,
    call: 1,
    kind: 'sent',
    message: { message_id: 1, chat, date: 0, ...parseHtml(html) },
  }
}

function plain(event: ChatEvent): string {
  return stripVTControlCharacters(describeEvent(event) ?? '')
}

describe('a transcript', () => {
  test.each([
    ['a struck word', 'do <s>obchod</s> <b>obchodu</b>', 'do ~obchod~ obchodu'],
    ['a hidden reply', '🔊 <tg-spoiler>Ahoj!</tg-spoiler>', '🔊 ░ Ahoj! ░'],
    ['marks inside marks', '<tg-spoiler>a <s>b</s> c</tg-spoiler>', '░ a ~b~ c ░'],
    ['a mark after an emoji of two units', '👏👏 <s>x</s>', '👏👏 ~x~'],
  ])('a transcript shows %s without colours, too', (_what, html, line) => {
    expect(plain(sending(html))).toBe(line)
  })

  test('a transcript sets further lines of a message below its first one', () => {
    const line = stripVTControlCharacters(
      transcriptLine({ ms: 1234, speaker: 'Adam', text: 'a\nb' }),
    )
    const [first = '', second = ''] = line.split('\n')
    expect(first).toMatch(/^ *1\.2 s +Adam +a$/)
    expect(second.indexOf('b')).toBe(first.indexOf('a', first.indexOf('Adam') + 4))
  })
})
