import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseHtml } from '../../../../scripts/studio/telegram/html.ts'
import { ANNA, ask, start } from '../ask-telegram.ts'

describe('the HTML parse mode', () => {
  const PARSE = "Bad Request: can't parse entities: "
  const REFUSALS: [string, string][] = [
    ['<b>ahoj', `Can't find end tag corresponding to start tag "b"`],
    ['<b>a<i>b</b>', 'Unmatched end tag at byte offset 8, expected "</i>", found "</b>"'],
    ['ahoj</b>', 'Unexpected end tag at byte offset 4'],
    ['č<br>', 'Unsupported start tag "br" at byte offset 2'],
    ['<!-- x -->', 'Unsupported start tag "!--" at byte offset 0'],
    ['1 < 2', 'Unsupported start tag "" at byte offset 2'],
    ['x <b', 'Unclosed start tag at byte offset 2'],
    ['<b>x</b', 'Unclosed end tag at byte offset 4'],
    ['<a href=x/y>z</a>', 'Unexpected end of name token at byte offset 8'],
    ['<a href="x>z</a>', 'Unclosed start tag at byte offset 0'],
    ['<a ="x">z</a>', 'Empty attribute name in the tag "a" at byte offset 0'],
    ['<span class="red">z</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'],
  ]

  test.each(REFUSALS)('the HTML parse mode refuses %s', async (text, because) => {
    const telegram = await start()
    telegram.learner(ANNA)
    const answer = await ask(telegram, 'sendMessage', { chat_id: 501, text, parse_mode: 'HTML' })
    expect(answer).toMatchObject({ status: 400, error_code: 400, description: PARSE + because })
    expect(telegram.chat(501).messages).toEqual([])
  })

  const READINGS: [string, string, object[]][] = [
    ['<b>a</b>&lt;&amp;&gt;&quot;&#33;', 'a<&>"!', [{ type: 'bold', offset: 0, length: 1 }]],
    ['&nbsp; &copy', '&nbsp; &copy', []],
    [
      '👋 <s>x</s><u>y</u>',
      '👋 xy',
      [
        { type: 'strikethrough', offset: 3, length: 1 },
        { type: 'underline', offset: 4, length: 1 },
      ],
    ],
    [
      '<i>a<B>b</B></i>',
      'ab',
      [
        { type: 'italic', offset: 0, length: 2 },
        { type: 'bold', offset: 1, length: 1 },
      ],
    ],
    [
      '<blockquote expandable>q</blockquote>',
      'q',
      [{ type: 'expandable_blockquote', offset: 0, length: 1 }],
    ],
    ['<blockquote>q</blockquote>', 'q', [{ type: 'blockquote', offset: 0, length: 1 }]],
    ['<tg-spoiler>q</tg-spoiler>', 'q', [{ type: 'spoiler', offset: 0, length: 1 }]],
    ['<code class="language-cs">q</code>', 'q', [{ type: 'code', offset: 0, length: 1 }]],
    [
      '<pre><code class="language-cs">q</code></pre>',
      'q',
      [{ type: 'pre', language: 'cs', offset: 0, length: 1 }],
    ],
    [
      '<a href="https://e.cz/?a=1&amp;b=2">q</a>',
      'q',
      [{ type: 'text_link', url: 'https://e.cz/?a=1&b=2', offset: 0, length: 1 }],
    ],
    ['<a href="javascript:x">q</a>', 'q', []],
    [' \n<b> a</b> \n', 'a', [{ type: 'bold', offset: 0, length: 1 }]],
  ]

  test.each(READINGS)('the HTML parse mode reads %s', async (source, text, entities) => {
    const telegram = await start()
    telegram.learner(ANNA)
    await ask(telegram, 'sendMessage', { chat_id: 501, text: source, parse_mode: 'HTML' })
    const [message] = telegram.chat(501).messages
    expect(message?.text).toBe(text)
    expect(message?.message.entities ?? []).toEqual(entities)
  })
})

const escapeHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

test('any text comes out of its escaped form unchanged', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(parseHtml(escapeHtml(text))).toEqual({ text, entities: [] })
    }),
  )
})

test('a tag marks exactly the text that it encloses, counted in UTF-16 units', () => {
  const part = fc.string({ unit: fc.constantFrom('a', 'ž', '👋', '<', '&'), minLength: 1 })
  fc.assert(
    fc.property(part, part, part, (before, inside, after) => {
      const source = `${escapeHtml(before)}<b>${escapeHtml(inside)}</b>${escapeHtml(after)}`
      expect(parseHtml(source)).toEqual({
        text: before + inside + after,
        entities: [{ type: 'bold', offset: before.length, length: inside.length }],
      })
    }),
  )
})
