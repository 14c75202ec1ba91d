import { wordsOf } from '../diff/words.ts'
import { isInLanguage } from '../lesson/language-check.ts'

/** How long a fact may be, in characters. */
export const MAX_FACT_LENGTH = 120

/** Digits that a fact may have. A date has eight; numbers of cards, phones and passports have more, or more in one run. */
const MAX_DIGITS = 8
const MAX_DIGITS_IN_A_RUN = 5

/** So many words in a row that were said in Czech are a quotation and no statement in the learner's own language. */
const QUOTED_WORDS = 4

/**
 * The text as a fact that may be remembered of a learner, in one line; undefined where it is none.
 *
 * Facts go back into prompts. So a text is refused that is in another language, addresses its reader, speaks of the
 * tutor's work, has a link or a command in it, or only repeats what was said. When in doubt it is refused: a lost fact
 * costs less than an instruction let through.
 */
export function factOf(
  text: string,
  { nativeLanguage, said }: { nativeLanguage: string; said: string },
): string | undefined {
  const fact = text.replace(/[\s\p{Cc}\p{Z}]+/gu, ' ').trim()
  const length = [...fact].length
  if (length === 0 || length > MAX_FACT_LENGTH) return undefined
  // Invisible characters hide words from the checks, and nothing from a model.
  const visibleText = fact.normalize('NFKC').replace(/\p{Cf}/gu, '')
  const words = wordsOf(visibleText)
  const isStatement =
    words.length > 0 &&
    !UNSPEAKABLE.test(visibleText) &&
    !hasLongNumber(visibleText) &&
    !words.some((word) => FORBIDDEN_WORDS.has(word) || FORBIDDEN_STEMS.test(word)) &&
    !hasQuotation(words, wordsOf(said)) &&
    isInLanguage(visibleText, nativeLanguage)
  return isStatement ? fact : undefined
}

/** Markup and code, addresses and commands, roles of a conversation, and words of letters of two scripts. */
const UNSPEAKABLE = new RegExp(
  [
    /[<>{}[\]|\\`^~*_=@$;#]|--|:\/\//u,
    /(?:^|\s)\/\p{L}/u,
    /[\p{L}\d-]{2,}\.\p{Script=Latin}{2,}(?!\p{L})/u,
    /(?:^|\P{L})(?:system|assistant|user|developer|tool|система|ассистент|асистент|користувач)\s*:/u,
    /\p{Script=Latin}\p{Script=Cyrillic}|\p{Script=Cyrillic}\p{Script=Latin}/u,
  ]
    .map(({ source }) => source)
    .join('|'),
  'iu',
)

/** Words that address a reader, or name a secret. */
const FORBIDDEN_WORDS: ReadonlySet<string> = new Set(
  `you your yours yourself ты тебя тебе тобой твой твоя твои вы вас вам ваш ти тебе тобі тобою твій твоя твої ви вам
  stars secret secrets секрет секреты секрети pin пин пін cvv cvc api gpt llm`.split(/\s+/),
)

/** Beginnings of words that speak of instructions, marks, corrections, answers, links or passwords. */
const FORBIDDEN_STEMS = new RegExp(
  `^(?:${[
    'prompt промпт instruc instruk инструкц інструкц pokyn ignor игнор ігнор overrid jailbreak honzík гонзік гонзик хонзик',
    'point score skóre hvězd балл балів очков оценк оцінк звёзд звезд зірк зірок',
    'correct oprav исправл виправл answer odpov отвеч ответь відповід respond',
    'link odkaz ссылк посилан password passw парол heslo token токен',
  ]
    .join(' ')
    .replaceAll(' ', '|')})`,
  'u',
)

function hasLongNumber(text: string): boolean {
  const runs = text.match(/\p{Nd}+/gu) ?? []
  return (
    runs.join('').length > MAX_DIGITS || runs.some(({ length }) => length > MAX_DIGITS_IN_A_RUN)
  )
}

function hasQuotation(words: readonly string[], wordsSaid: readonly string[]): boolean {
  const text = ` ${wordsSaid.join(' ')} `
  return words.some((_, at) => {
    const run = words.slice(at, at + QUOTED_WORDS)
    return run.length === QUOTED_WORDS && text.includes(` ${run.join(' ')} `)
  })
}
