import { z } from 'zod'
import type { ReplySoFar, TutorAnswer } from '../../app/lesson/tutor.ts'
import { parseJson } from '../../domain/json.ts'
import { MISTAKE_CATEGORIES } from '../../domain/lesson/lesson.ts'
import { MAX_SPOKEN_LENGTH } from '../../domain/lesson/limits.ts'
import { storable } from '../../domain/storable.ts'

const MAX_NEW_WORDS = 3

/** Sanitised without changing its type, so that the schema can still be sent to the provider. */
const Text = z.string().overwrite((text) => storable(text).trim())
const Filled = Text.refine((text) => text !== '')

const corrections = {
  said_language: Text,
  corrected_text: Filled,
  mistakes: z.array(
    z.object({
      original: Text,
      corrected: Text,
      category: z.enum(MISTAKE_CATEGORIES),
      explanation_cs: Text,
      explanation_native: Text,
    }),
  ),
  suggestion: Text,
  new_words: z.array(z.object({ czech: Text, translation: Text })),
}

/** Matches both formats, `WHOLE_ANSWER` and `CORRECTIONS`. */
const Answer = z.object({
  ...corrections,
  reply: Text.optional(),
  said_language: Text.optional(),
})

/** Asks for everything, the reply first: the model writes in this order, and speech waits for it. */
export const WHOLE_ANSWER = format('lesson', z.object({ reply: Filled, ...corrections }))

/** Asks for everything but the reply. */
export const CORRECTIONS = format('corrections', z.object(corrections))

function format(name: string, schema: z.ZodType) {
  return {
    type: 'json_schema' as const,
    json_schema: { name, strict: true, schema: z.toJSONSchema(schema, { target: 'draft-7' }) },
  }
}

/**
 * Reads a finished answer; `givenReply`, which the learner has already, takes precedence over its reply.
 *
 * For an unusable answer `issues` names the fields at fault, without quoting them.
 */
export function readAnswer(
  content: string,
  givenReply: string | undefined,
): { kind: 'answer'; answer: TutorAnswer } | { kind: 'unusable'; issues: string[] } {
  const read = Answer.safeParse(jsonIn(content))
  if (!read.success)
    return {
      kind: 'unusable',
      issues: read.error.issues.map(({ path, code }) => `${path.join('.')} ${code}`.trim()),
    }
  const reply = givenReply ?? read.data.reply ?? ''
  if (reply === '') return { kind: 'unusable', issues: ['reply missing'] }
  return {
    kind: 'answer',
    answer: {
      reply,
      saidLanguage: read.data.said_language?.toLowerCase() ?? '',
      correctedText: read.data.corrected_text,
      mistakes: read.data.mistakes
        .filter(({ original, corrected }) => original !== '' && original !== corrected)
        .map(
          ({
            explanation_cs: explanationCs,
            explanation_native: explanationNative,
            ...mistake
          }) => ({
            ...mistake,
            explanationCs,
            explanationNative,
          }),
        ),
      suggestion: read.data.suggestion,
      newWords: read.data.new_words
        .filter(({ czech, translation }) => czech !== '' && translation !== '')
        .slice(0, MAX_NEW_WORDS),
    },
  }
}

/** A longer reply is not spoken, so it is not needed before it is complete. */
const MAX_FOLLOWED_LENGTH = 2 * MAX_SPOKEN_LENGTH

/**
 * Finds the reply in an answer that is still being written, and behind it the language of what was said;
 * undefined where neither has grown.
 *
 * Call it with the whole text so far after each chunk. It reads no letter of the reply twice:
 * a model that never closes its quote must not keep this process busy.
 */
export function replyFinder(): (soFar: string) => ReplySoFar | undefined {
  let find: (soFar: string) => ReplySoFar | undefined = findOpening
  let at = 0
  let reply = ''
  let lastText = ''

  function findOpening(soFar: string) {
    const opening = /"reply"\s*:\s*"/.exec(soFar)
    if (opening === null) {
      // The reply is the first field asked for: searching an endless other text with each chunk would take long.
      if (soFar.length > MAX_FOLLOWED_LENGTH) find = findNothing
      return undefined
    }
    at = opening.index + opening[0].length
    find = findReply
    return findReply(soFar)
  }

  function findReply(soFar: string) {
    const end = endOfWhole(soFar, at)
    const addition = parseJson(`"${soFar.slice(at, end)}"`)
    at = end
    if (typeof addition !== 'string') {
      find = findNothing
      return undefined
    }
    reply += addition
    const isComplete = soFar[end] === '"'
    if (!isComplete && reply.length > MAX_FOLLOWED_LENGTH) return undefined
    const text = storable(reply).trim()
    if (text === '' || (text === lastText && !isComplete)) return undefined
    lastText = text
    if (isComplete) find = findLanguage
    return { text, isComplete }
  }

  function findLanguage(soFar: string) {
    const tail = soFar.slice(at)
    const saidLanguage = languageIn(tail)
    if (saidLanguage !== undefined || tail.length > LANGUAGE_WITHIN) find = findNothing
    return saidLanguage === undefined
      ? undefined
      : { text: lastText, isComplete: true, saidLanguage }
  }

  return (soFar) => find(soFar)
}

const findNothing = () => undefined

/** The language is the next thing that is asked for. */
const LANGUAGE_WITHIN = 100

function languageIn(tail: string): string | undefined {
  const [, language] = /^"\s*,\s*"said_language"\s*:\s*"([^"\\]*)"/.exec(tail) ?? []
  return language?.trim().toLowerCase()
}

/** Where a JSON string that begins before `at` ends so far: at its closing quote, or before half an escape. */
function endOfWhole(soFar: string, at: number): number {
  let end = at
  while (end < soFar.length && soFar[end] !== '"') {
    const length = soFar[end] !== '\\' ? 1 : soFar[end + 1] === 'u' ? 6 : 2
    if (end + length > soFar.length) break
    end += length
  }
  return end
}

/** The JSON object in a text; vendors without strict schemas wrap it in a fence or a sentence. */
export function jsonIn(content: string): unknown {
  return parseJson(content.slice(content.indexOf('{'), content.lastIndexOf('}') + 1))
}
