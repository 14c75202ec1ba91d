import { wordsOf } from '../diff/words.ts'
import { isInLanguage } from '../lesson/language-check.ts'

/** Characters that a fact may have. */
export const MAX_FACT_LENGTH = 120

/** Digits that a fact may have: a date has eight, and a number of a card, a phone or a passport has more or has them in one run. */
const MAX_DIGITS = 8
const MAX_DIGITS_IN_A_RUN = 5

/** So many words in a row that were said in Czech are a quotation and no statement in the learner's own language. */
const QUOTED_WORDS = 4

/**
 * A statement about a learner as it is remembered: one line in their language; undefined where it is none. It goes
 * back into prompts, so that what addresses a reader, speaks of the tutor's work, leads out of the conversation or only
 * repeats what was said is none. Rather a statement too few than an instruction too many.
 */
export function factOf(
  text: string,
  { nativeLanguage, said }: { nativeLanguage: string; said: string },
): string | undefined {
  const fact = text.replace(/[\s\p{Cc}\p{Z}]+/gu, ' ').trim()
  const length = [...fact].length
  if (length === 0 || length > MAX_FACT_LENGTH) return undefined
  // Invisible characters hide words from the checks, and nothing from a model.
  const plain = fact.normalize('NFKC').replace(/\p{Cf}/gu, '')
  const words = wordsOf(plain)
  const isStatement =
    words.length > 0 &&
    !UNSPEAKABLE.test(plain) &&
    !hasNumber(plain) &&
    !words.some((word) => FORBIDDEN_WORDS.has(word) || FORBIDDEN_STEMS.test(word)) &&
    !quotes(words, wordsOf(said)) &&
    isInLanguage(plain, nativeLanguage)
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

function hasNumber(text: string): boolean {
  const runs = text.match(/\p{Nd}+/gu) ?? []
  return (
    runs.join('').length > MAX_DIGITS || runs.some(({ length }) => length > MAX_DIGITS_IN_A_RUN)
  )
}

function quotes(words: readonly string[], said: readonly string[]): boolean {
  const text = ` ${said.join(' ')} `
  return words.some((_, at) => {
    const run = words.slice(at, at + QUOTED_WORDS)
    return run.length === QUOTED_WORDS && text.includes(` ${run.join(' ')} `)
  })
}
