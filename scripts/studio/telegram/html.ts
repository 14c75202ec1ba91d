import { badRequest } from './answer.ts'
import type { Entity, Formatted } from './objects.ts'

/** The entity of each tag; `entityOf` refines it by the tag's argument. */
const TAGS: Record<string, string> = {
  a: 'text_link',
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  span: 'spoiler',
  'tg-spoiler': 'spoiler',
  'tg-emoji': 'custom_emoji',
  code: 'code',
  pre: 'pre',
  blockquote: 'blockquote',
}

const REFERENCES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"' }

type Cursor = { readonly source: string; at: number }
type OpenTag = { tag: string; argument: string; offset: number }

/**
 * Reads Telegram's HTML parse mode into text and entities, or refuses it as Telegram does.
 *
 * Follows `parse_html` of tdlib/td (MessageEntity.cpp), byte offsets and messages included. Like it, it takes
 * an unknown `&reference;` as plain text and an unknown tag as an error.
 */
export function parseHtml(source: string): Formatted {
  const cursor: Cursor = { source, at: 0 }
  const open: OpenTag[] = []
  const entities: Entity[] = []
  let text = ''

  while (cursor.at < source.length) {
    if (source[cursor.at] !== '<') {
      text += readCharacter(cursor)
    } else if (source[cursor.at + 1] !== '/') {
      open.push({ ...readStartTag(cursor), offset: text.length })
    } else {
      const startTag = open.at(-1)
      if (!startTag) throw parseError(`Unexpected end tag at ${byteOffset(source, cursor.at)}`)
      readEndTag(cursor, startTag.tag)
      open.pop()
      closeTag(startTag, text, entities)
    }
  }

  const openTag = open.at(-1)
  if (openTag) {
    throw parseError(`Can't find end tag corresponding to start tag "${openTag.tag}"`)
  }
  if (!text.isWellFormed()) {
    throw parseError(
      'Text contains invalid Unicode characters after decoding HTML entities, ' +
        'check for unmatched surrogate code units',
    )
  }
  // A language belongs to a block only: on inline code it has served its purpose.
  const visibleEntities = entities.map(({ language, ...entity }) =>
    language && entity.type === 'pre' ? { ...entity, language } : entity,
  )
  return {
    text,
    entities: visibleEntities.toSorted((a, b) => a.offset - b.offset || b.length - a.length),
  }
}

function parseError(because: string) {
  return badRequest(`can't parse entities: ${because}`)
}

function byteOffset(source: string, at: number): string {
  return `byte offset ${Buffer.byteLength(source.slice(0, at))}`
}

function isSpace(character: string | undefined): boolean {
  return character === undefined || ' \t\r\n\v\0'.includes(character)
}

function skipSpaces(cursor: Cursor): void {
  while (cursor.at < cursor.source.length && isSpace(cursor.source[cursor.at])) cursor.at += 1
}

/** Reads up to a space or one of `stops`. */
function readUntil(cursor: Cursor, stops: string): string {
  const begin = cursor.at
  for (;;) {
    const character = cursor.source[cursor.at]
    if (character === undefined || isSpace(character) || stops.includes(character)) break
    cursor.at += 1
  }
  return cursor.source.slice(begin, cursor.at)
}

/** One UTF-16 unit, or the character of a character reference. */
function readCharacter(cursor: Cursor): string {
  const character = cursor.source.charAt(cursor.at)
  const reference = character === '&' ? /^&(#x[\da-f]+|#\d+|[a-z]+);?/i : undefined
  const match = reference?.exec(cursor.source.slice(cursor.at, cursor.at + 16))
  const replacement = match?.[1] && decodeReference(match[1])
  cursor.at += match && replacement ? match[0].length : 1
  return replacement || character
}

function decodeReference(name: string): string | undefined {
  if (!name.startsWith('#')) return REFERENCES[name]
  const code = name[1] === 'x' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
  const isOutside = !(code > 0 && code < 0x10ffff) || name.length >= 9
  return isOutside ? undefined : String.fromCodePoint(code)
}

function readStartTag(cursor: Cursor): { tag: string; argument: string } {
  const { source } = cursor
  const begin = cursor.at
  cursor.at += 1
  const tag = readUntil(cursor, '>').toLowerCase()
  if (cursor.at >= source.length) {
    throw parseError(`Unclosed start tag at ${byteOffset(source, begin)}`)
  }
  if (!Object.hasOwn(TAGS, tag)) {
    throw parseError(`Unsupported start tag "${tag}" at ${byteOffset(source, begin)}`)
  }

  let argument = ''
  for (;;) {
    skipSpaces(cursor)
    if (source[cursor.at] === '>') break
    const [name, value] = readAttribute(cursor, tag, begin)
    argument = argumentOf(tag, name, value) ?? argument
  }
  cursor.at += 1

  if (tag === 'span' && argument !== 'spoiler') {
    throw parseError(`Tag "span" must have class "tg-spoiler" at ${byteOffset(source, begin)}`)
  }
  return { tag, argument }
}

function readAttribute(cursor: Cursor, tag: string, tagBegin: number): [string, string] {
  const { source } = cursor
  const name = readUntil(cursor, '=>')
  if (cursor.at >= source.length) {
    throw parseError(`Unclosed start tag "${tag}" at ${byteOffset(source, tagBegin)}`)
  }
  if (name === '') {
    throw parseError(`Empty attribute name in the tag "${tag}" at ${byteOffset(source, tagBegin)}`)
  }
  skipSpaces(cursor)
  if (source[cursor.at] !== '=') return [name, '']
  cursor.at += 1
  skipSpaces(cursor)
  const value = readAttributeValue(cursor)
  if (cursor.at >= source.length) {
    throw parseError(`Unclosed start tag at ${byteOffset(source, tagBegin)}`)
  }
  return [name, value]
}

function readAttributeValue(cursor: Cursor): string {
  const { source } = cursor
  const begin = cursor.at
  const quote = source[cursor.at]
  if (quote === '"' || quote === "'") {
    let value = ''
    cursor.at += 1
    while (cursor.at < source.length && source[cursor.at] !== quote) value += readCharacter(cursor)
    cursor.at += 1
    return value
  }
  while (/[a-z\d.-]/i.test(source.charAt(cursor.at))) cursor.at += 1
  if (!isSpace(source[cursor.at]) && source[cursor.at] !== '>') {
    throw parseError(`Unexpected end of name token at ${byteOffset(source, begin)}`)
  }
  return source.slice(begin, cursor.at).toLowerCase()
}

/** The argument that an attribute gives its tag; undefined for an attribute that Telegram ignores. */
function argumentOf(tag: string, name: string, value: string): string | undefined {
  if (tag === 'a' && name === 'href') return value
  if (tag === 'code' && name === 'class' && value.startsWith('language-')) return value.slice(9)
  if (tag === 'span' && name === 'class' && value.startsWith('tg-')) return value.slice(3)
  if (tag === 'tg-emoji' && name === 'emoji-id') return value
  if (tag === 'blockquote' && name === 'expandable') return 'expandable'
  return undefined
}

function readEndTag(cursor: Cursor, openName: string): void {
  const { source } = cursor
  const begin = cursor.at
  cursor.at += 2
  const name = readUntil(cursor, '>').toLowerCase()
  skipSpaces(cursor)
  if (source[cursor.at] !== '>') {
    throw parseError(`Unclosed end tag at ${byteOffset(source, begin)}`)
  }
  if (name !== '' && name !== openName) {
    throw parseError(
      `Unmatched end tag at ${byteOffset(source, begin)}, expected "</${openName}>", found "</${name}>"`,
    )
  }
  cursor.at += 1
}

function closeTag(startTag: OpenTag, text: string, entities: Entity[]): void {
  const length = text.length - startTag.offset
  if (length === 0) return
  const inner = entities.at(-1)
  const spansTag = inner?.offset === startTag.offset && inner.length === length
  if (startTag.tag === 'pre' && spansTag && inner?.type === 'code' && inner.language) {
    inner.type = 'pre'
    return
  }
  const entity = entityOf(startTag, text.slice(startTag.offset))
  if (entity) entities.push({ ...entity, offset: startTag.offset, length })
}

function entityOf(
  { tag, argument }: OpenTag,
  inner: string,
): Omit<Entity, 'offset' | 'length'> | undefined {
  const type = TAGS[tag] ?? tag
  if (type === 'text_link') return linkTo(argument === '' ? inner : argument)
  if (type === 'blockquote' && argument !== '') return { type: 'expandable_blockquote' }
  if (type === 'code' && argument !== '') return { type, language: argument }
  if (type !== 'custom_emoji') return { type }
  if (!/^[1-9]\d*$/.test(argument)) {
    throw parseError('Invalid custom emoji identifier specified')
  }
  return { type, custom_emoji_id: argument }
}

/** A link Telegram cannot use leaves its text behind, without an entity. */
function linkTo(
  address: string,
): { type: string; url?: string; user?: { id: number } } | undefined {
  const userId = /^tg:\/\/user\?id=(\d+)$/.exec(address)?.[1]
  if (userId) return { type: 'text_mention', user: { id: Number(userId) } }
  const url = /^[a-z][a-z\d+.-]*:/i.test(address) ? address : `http://${address}`
  if (!URL.canParse(url)) return undefined
  const { protocol, hostname, href } = new URL(url)
  const isWeb = protocol === 'http:' || protocol === 'https:'
  const isUsable = isWeb
    ? hostname.includes('.')
    : ['tg:', 'ton:', 'mailto:', 'tel:'].includes(protocol)
  return isUsable ? { type: 'text_link', url: href } : undefined
}
