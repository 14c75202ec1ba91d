/** How people ask for Czech words in the languages that most learners speak. */
const HOW_TO_SAY =
  /как (?:мне |это |же |правильно )?(?:сказать|говорят|говорится|будет|называется|спросить|ответить|поздороваться|попросить|перевести)|что (?:значит|означает)|як (?:мені |це |правильно )?(?:сказати|кажуть|буде|називається|спитати|запитати|відповісти|привітатися|попросити|перекласти)|що (?:значить|означає)|how (?:do|can|would|should|to|might) (?:\p{L}+ )?(?:say|ask|greet|answer|call|pronounce|translate)|how to say|what does .+ mean|what(?:'|’| i)s .+ in czech|what do you call|jak (?:się mówi|powiedzieć|zapytać|jest po czesku|będzie po czesku)|co znaczy po|ako sa (?:povie|hovorí)|ako povedať|wie (?:sagt|heißt|frag|grüßt)|was (?:heißt|bedeutet)|nói (?:\S+ ){0,6}(?:như )?thế nào/iu

/** The Czech language, as a question for a phrase names it. */
const CZECH =
  /по[- ]?чешски|на чешском|по[- ]?чеськи|чеською|in czech|po czesku|po česky|auf tschechisch|tiếng séc/iu

/** Tells whether a text in another language asks how to say something in Czech, or what something Czech means. */
export function asksForCzech(text: string): boolean {
  return HOW_TO_SAY.test(text) || (/[?？]/.test(text) && CZECH.test(text))
}

/** What stands before a word that is asked about, in Czech; the word goes as far as the sentence. */
const ASKING =
  /(?:jak (?:se|bych|mám|můžu|to|je) (?:\p{L}+ ){0,3}?(?:řekne|říká|řekl|řekla|říct|jmenuje|píše|česky)|jak (?:řeknu|říct|říkáte|říkáš|řeknete)|co (?:to )?znamená)(?= )/iu

/**
 * The corrected text with the words that the learner asks about as they were asked: `Jak se řekne спасибо?` is no
 * mistake, even where the tutor has put a Czech word in place of the foreign one.
 */
export function keepAskedWords(said: string, correctedText: string): string {
  const saidPart = askedPart(said)
  const correctedPart = askedPart(correctedText)
  if (saidPart === undefined || correctedPart === undefined) return correctedText
  return `${correctedText.slice(0, correctedPart.start)}${said.slice(saidPart.start, saidPart.end)}${correctedText.slice(correctedPart.end)}`
}

function askedPart(text: string): { start: number; end: number } | undefined {
  const asking = ASKING.exec(text)
  if (asking === null) return undefined
  const start = asking.index + asking[0].length
  const length = text.slice(start).search(/[.?!]/)
  return { start, end: length === -1 ? text.length : start + length }
}
