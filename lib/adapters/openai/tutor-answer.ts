import { z } from 'zod'
import type { ReplySoFar, TutorAnswer } from '../../app/lesson/tutor.ts'
import { parseJson } from '../../domain/json.ts'
import { MISTAKE_CATEGORIES } from '../../domain/lesson/lesson.ts'
import { MAX_SPOKEN_LENGTH } from '../../domain/lesson/limits.ts'
import { storable } from '../../domain/storable.ts'
import { answerObjects, answerStartFinder } from './answer-object.ts'
import { lenientList } from './lenient-list.ts'

const MAX_NEW_WORDS = 3
const MAX_READY_ANSWERS = 2
/** How many issues an unusable answer is logged with. */
const MAX_ISSUES = 10

/** Sanitised without changing its type, so that the schema can still be sent to the provider. */
const Text = z.string().overwrite((text) => storable(text).trim())
const NonEmptyText = Text.refine((text) => text !== '')

const corrections = {
  said_language: Text,
  doubtful_words: z.array(Text),
  corrected_text: NonEmptyText,
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

/** What only a learner at the first steps gets. */
const firstSteps = {
  reply_translation: Text,
  ready_answers: z.array(z.object({ czech: Text, translation: Text })),
}

/** What only a learner who tries first gets. */
const tryFirst = { hint: Text }

/** A text that a lesson can do without: it may be missing, null or of another type. */
const Dispensable = Text.nullish()
  .catch(undefined)
  .transform((text) => text ?? '')

/** Matches all formats, and what vendors without strict schemas make of them. */
const Answer = z.object({
  reply: Dispensable,
  said_language: Dispensable,
  doubtful_words: lenientList(NonEmptyText),
  corrected_text: NonEmptyText,
  mistakes: lenientList(
    z.object({
      original: NonEmptyText,
      corrected: Text,
      category: z.enum(MISTAKE_CATEGORIES).catch('other'),
      explanation_cs: Dispensable,
      explanation_native: Dispensable,
    }),
  ),
  suggestion: Dispensable,
  new_words: lenientList(z.object({ czech: NonEmptyText, translation: NonEmptyText })),
  reply_translation: Dispensable,
  ready_answers: lenientList(z.object({ czech: NonEmptyText, translation: Dispensable })),
  hint: Dispensable,
})

export type AnswerFormat = ReturnType<typeof format>

/** What of a request decides the form of its answer. */
type Extent = { hasReply: boolean; isFirstSteps: boolean; hasHint: boolean }

/** The forms that were asked for in this process: to make one takes longer than to look it up. */
const cache = new Map<string, AnswerFormat>()

/**
 * The form to ask for an answer in: everything, the reply first, as the model writes in this order and speech waits for it; or
 * everything but the reply.
 */
export function answerFormat(extent: Extent): AnswerFormat {
  const { hasReply, isFirstSteps, hasHint } = extent
  const key = JSON.stringify([hasReply, isFirstSteps, hasHint])
  const cachedFormat = cache.get(key)
  if (cachedFormat !== undefined) return cachedFormat
  const schema = z.object({
    ...(hasReply ? {} : { reply: NonEmptyText }),
    ...corrections,
    ...(isFirstSteps ? firstSteps : {}),
    ...(hasHint ? tryFirst : {}),
  })
  const newFormat = format(hasReply ? 'corrections' : 'lesson', schema)
  cache.set(key, newFormat)
  return newFormat
}

/** A form to ask for an answer in, as strict structured outputs take it. */
export function format(name: string, schema: z.ZodType) {
  // Without the draft's address: some servers refuse a schema that names it, and none needs it.
  const { $schema: _, ...fields } = z.toJSONSchema(schema, { target: 'draft-7' })
  return {
    type: 'json_schema' as const,
    json_schema: { name, strict: true, schema: { ...fields } },
  }
}

/**
 * Reads a finished answer: its first object that has what a lesson needs. `givenReply`, which the learner has already,
 * takes precedence over its reply.
 *
 * For an unusable answer `issues` names the fields at fault, without quoting them.
 */
export function readAnswer(
  content: string,
  givenReply: string | undefined,
): { kind: 'answer'; answer: TutorAnswer } | { kind: 'unusable'; issues: string[] } {
  const issues: string[] = []
  for (const object of answerObjects(content)) {
    const reading = Answer.safeParse(object)
    const reply = givenReply ?? reading.data?.reply ?? ''
    if (reading.success && reply !== '')
      return { kind: 'answer', answer: answerOf(reading.data, reply) }
    if (reading.success) issues.push('reply missing')
    else
      issues.push(
        ...reading.error.issues.map(({ path, code }) => `${path.join('.')} ${code}`.trim()),
      )
  }
  return {
    kind: 'unusable',
    issues: issues.length === 0 ? ['no object'] : [...new Set(issues)].slice(0, MAX_ISSUES),
  }
}

function answerOf(fields: z.output<typeof Answer>, reply: string): TutorAnswer {
  return {
    reply,
    saidLanguage: fields.said_language.toLowerCase(),
    correctedText: fields.corrected_text,
    mistakes: fields.mistakes.map(
      ({ explanation_cs: explanationCs, explanation_native: explanationNative, ...mistake }) => ({
        ...mistake,
        explanationCs,
        explanationNative,
      }),
    ),
    suggestion: fields.suggestion,
    newWords: fields.new_words.slice(0, MAX_NEW_WORDS),
    replyTranslation: fields.reply_translation,
    readyAnswers: fields.ready_answers.slice(0, MAX_READY_ANSWERS),
    doubtfulWords: fields.doubtful_words,
    ...(fields.hint === '' ? {} : { hint: fields.hint }),
  }
}

/** A longer reply is not spoken, so it is not needed before it is complete. */
const MAX_FOLLOWED_LENGTH = 2 * MAX_SPOKEN_LENGTH

/**
 * Finds the reply in an answer that is still being written, and behind it the language of what was said;
 * undefined where neither has grown, or where it is not certain yet that this is the answer and no draft.
 *
 * Call it with the whole text so far after each chunk. It reads no letter of the reply twice:
 * a model that never closes its quote must not keep this process busy.
 */
export function replyFinder(): (soFar: string) => ReplySoFar | undefined {
  const findStart = answerStartFinder()
  const find = replyFinderIn()
  return (soFar) => {
    const start = findStart(soFar)
    return start === undefined ? undefined : find(soFar.slice(start))
  }
}

function replyFinderIn(): (soFar: string) => ReplySoFar | undefined {
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
