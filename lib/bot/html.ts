/** Telegram's limit on a text message, in UTF-16 units after its markup is parsed. */
export const MAX_MESSAGE_LENGTH = 4096
/** The same of the text under a sound. */
export const MAX_CAPTION_LENGTH = 1024

/** A stretch of text in one style; styles do not nest. */
export type Span = { text: string; style?: Style }

type Style = 'b' | 'i' | 's' | 'u' | 'code' | 'blockquote' | 'blockquote expandable' | 'tg-spoiler'

/** The spans under one heading of a message. */
export type Section = readonly Span[]

const BETWEEN_SECTIONS = '\n\n'

/**
 * Renders sections as HTML that Telegram accepts, also of hostile texts.
 *
 * Links and mentions in the texts are defused. Where the message is too long, its longest sections are cut
 * at a word and the short ones stay whole: no section gets less than an equal share.
 */
export function renderHtml(sections: readonly Section[], maxLength = MAX_MESSAGE_LENGTH): string {
  const defusedSections = sections.map(defuseSection).filter((section) => lengthOf(section) > 0)
  const room = maxLength - BETWEEN_SECTIONS.length * (defusedSections.length - 1)
  const shares = fairShares(defusedSections.map(lengthOf), room)
  return defusedSections
    .map((section, index) =>
      cutSection(section, shares[index] ?? 0)
        .map(renderSpan)
        .join(''),
    )
    .join(BETWEEN_SECTIONS)
}

/** Escapes what has a meaning in Telegram's HTML. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** The message without its markup, for when Telegram cannot parse it; never longer than with it. */
export function plainText(html: string): string {
  return html
    .replaceAll('</s> <b>', '→')
    .replace(/<[^>]*>/g, '')
    .replace(/&(lt|gt|quot|amp);/g, (_, name: keyof typeof ENTITIES) => ENTITIES[name])
}

const ENTITIES = { lt: '<', gt: '>', quot: '"', amp: '&' }

function renderSpan({ text, style }: Span): string {
  const html = escapeHtml(text)
  return style === undefined || text === ''
    ? html
    : `<${style}>${html}</${style.split(' ', 1).join()}>`
}

function defuseSection(section: Section): Span[] {
  return section.map((span, index) => {
    const nextText = section.slice(index + 1).find(({ text }) => text !== '')?.text ?? ''
    // Telegram reads across our markup: a domain may begin in one span and end in the next.
    const isSplit = span.text.endsWith('.') && /^[\p{L}\p{N}]/u.test(nextText)
    return { ...span, text: `${defuseLinks(span.text)}${isSplit ? WORD_JOINER : ''}` }
  })
}

const WORD_JOINER = '\u2060'

/**
 * Removes links and keeps Telegram from making new ones of names and domains.
 *
 * A word joiner after `@` or within `a.cz` and `10.0.0.1` is invisible, and Telegram ends the name or the
 * address at it (tdlib/td, td/telegram/MessageEntity.cpp: is_url_unicode_symbol).
 */
function defuseLinks(text: string): string {
  return text
    .toWellFormed()
    .replace(/(?:[a-z]{1,40}:\/\/|\bwww\.|\bt(?:elegram)?\.me\/)\S*/giu, '[…]')
    .replace(/@|\.(?=\p{L})|(^|(?<=\d\.\d{1,3}\.\d{1,3}))\.(?=\d)/gu, `$&${WORD_JOINER}`)
}

function lengthOf(section: Section): number {
  return section.reduce((length, { text }) => length + text.length, 0)
}

/** Divides the room: the shortest lengths get all that they ask for, the others an equal share. */
function fairShares(lengths: readonly number[], room: number): number[] {
  const shares = lengths.map(() => 0)
  const shortestFirst = [...lengths.entries()].sort(([, a], [, b]) => a - b)
  let roomLeft = room
  shortestFirst.forEach(([index, length], place) => {
    const share = Math.min(length, Math.floor(roomLeft / (shortestFirst.length - place)))
    shares[index] = share
    roomLeft -= share
  })
  return shares
}

function cutSection(section: Section, maxLength: number): Section {
  if (lengthOf(section) <= maxLength) return section
  const spans: Span[] = []
  let room = maxLength - '…'.length
  for (const span of section) {
    if (span.text.length > room) {
      return [...spans, { ...span, text: `${cutAtWord(span.text, room)}…` }]
    }
    spans.push(span)
    room -= span.text.length
  }
  return spans
}

/** Cuts a longer text to its start: after a word, or within one that fills half the room, never within a character. */
function cutAtWord(text: string, maxLength: number): string {
  const start = text.slice(0, maxLength)
  const lastSpace = start.search(/\s\S*$/)
  const atWord = /\s/.test(text.charAt(maxLength)) || lastSpace < maxLength / 2
  return (atWord ? start.replace(/[\uD800-\uDBFF]$/, '') : start.slice(0, lastSpace)).trimEnd()
}
