import { spellingOf } from '../diff/spelling.ts'
import { tokensOf } from '../diff/words.ts'

/**
 * A corrected text without what models add that the learner's text does not have: a label, quotation marks around all
 * of it, markup, emoji, invisible characters, capitals throughout.
 *
 * None of these is a correction: left in, they would be shown, and some would cost points.
 */
export function plainCorrection(said: string, correctedText: string): string {
  const unlabelledText = withoutLabel(
    said,
    correctedText.replace(/[\u200b\u200c\u2060\ufeff\u00ad]/gu, ''),
  )
  const plainText = unlabelledText
    .replace(/[*_`#~<>]/g, (mark) => (said.includes(mark) ? mark : ''))
    .replace(EMOJI, (emoji) => (said.includes(emoji.trim()) ? emoji : ''))
    .trim()
  const text = inOwnCase(said, withoutQuotes(said, plainText))
  return text === '' ? correctedText : text
}

const EMOJI =
  /\s*\p{Extended_Pictographic}(?:[\u200d\ufe0f\p{Emoji_Modifier}]|\p{Extended_Pictographic})*/gu
const LABEL =
  /^\s*(?:správně|oprava|opraveno|opravená věta|corrected(?: text)?|correct|правильно|исправлено|виправлено)\s*:\s*/iu
const QUOTED = /^["„“”«»'‚‘](.+)["„“”«»'‚‘’]$/su

function withoutLabel(said: string, text: string): string {
  return LABEL.test(said) ? text : text.replace(LABEL, '')
}

function withoutQuotes(said: string, text: string): string {
  return /^["„“”«»'‚‘]/u.test(said.trim()) ? text : (QUOTED.exec(text)?.[1] ?? text)
}

/** Puts a text in capitals into small letters, and the learner's own words into the case in which they wrote them. */
function inOwnCase(said: string, text: string): string {
  const isShouted = /\p{Lu}{2}/u.test(text) && !/\p{Ll}/u.test(text)
  if (!isShouted || !/\p{Ll}/u.test(said)) return text
  const ownWords = new Map(tokensOf(said).map(({ text: word }) => [spellingOf(word), word]))
  const lowerCaseText = tokensOf(text).reduceRight(
    (result, { text: word, from, to }) =>
      result.slice(0, from) +
      (ownWords.get(spellingOf(word)) ?? word.toLocaleLowerCase('cs')) +
      result.slice(to),
    text,
  )
  return lowerCaseText.slice(0, 1).toLocaleUpperCase('cs') + lowerCaseText.slice(1)
}
