/** Tokens of a recogniser's own: `<|cs|>`, `<|nospeech|>`, `<|0.00|>`. */
const TOKEN = /<\|[^|<>]{0,40}\|>/g
/** What a recogniser heard besides speech, in three words at most: `[BLANK_AUDIO]`, `(hudba)`, `*smích v pozadí*`. */
const NOTE = String.raw`[^\s()[\]*.?!,]{1,20}(?:\s+[^\s()[\]*.?!,]{1,20}){0,2}`
const ANNOTATION = new RegExp(
  [
    String.raw`\[\s*${NOTE}\s*\]`,
    String.raw`\(\s*${NOTE}\s*\)`,
    String.raw`\*\s*${NOTE}\s*\*`,
  ].join('|'),
  'gu',
)

/** The words that were spoken, of a recogniser's text: without its tokens and its notes of sounds. */
export function spokenWords(text: string): string {
  const words = text.replace(TOKEN, ' ').replace(ANNOTATION, ' ')
  if (words === text) return text.trim()
  const tidyWords = words
    .replace(/[ \t]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/ (?=[.,!?…])/g, '')
    .trim()
  // What was around a note may be one itself now; each time the text gets shorter.
  return spokenWords(tidyWords)
}
