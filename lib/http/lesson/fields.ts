import { z } from 'zod'
import { findLanguage, NATIVE_LANGUAGES } from '../../domain/learner/languages.ts'
import { LEVELS } from '../../domain/learner/learner.ts'
import { MAX_TEXT_LENGTH, MIN_TEXT_LENGTH } from '../../domain/lesson/limits.ts'

const yes = ['true', '1', 'yes']
const no = ['false', '0', 'no']

/** What a decoder leaves of bytes that are no UTF-8: two ids that differ in such bytes only would be one. */
const REPLACEMENT_CHARACTER = '\ufffd'
const isWhole = (text: string) => !text.includes(REPLACEMENT_CHARACTER)
const NOT_WHOLE = 'must be UTF-8: it has U+FFFD in place of what could not be read'

/** The fields of a request without the audio: forms have them as strings. An unknown field is an error. */
export const LessonFields = z.strictObject({
  user_id: z
    .string({ error: 'is required, as a string: your own id for the learner' })
    .min(1, 'must not be empty')
    .max(200, 'must have 200 characters at most')
    // The database's text refuses NUL, and half a surrogate pair would become another character.
    .refine((id) => /^[^\p{Cc}\p{Cs}]*$/u.test(id), 'must have no control characters')
    .refine(isWhole, NOT_WHOLE)
    .meta({
      description:
        'Your own id for the learner, without control characters; one not yet known is created. For a key made with --telegram-learners: the Telegram id of a learner who exists.',
    }),
  text: z
    .string({ error: 'must be a string' })
    .refine(hasLessonLength, `must have ${MIN_TEXT_LENGTH} to ${MAX_TEXT_LENGTH} characters`)
    .refine(isWhole, NOT_WHOLE)
    .optional()
    .meta({
      description: 'What the learner wrote in Czech; blanks at its ends do not count.',
      minLength: MIN_TEXT_LENGTH,
      maxLength: MAX_TEXT_LENGTH,
    }),
  include_audio: z
    .union([z.boolean(), z.enum([...yes, ...no])], { error: 'must be true or false' })
    .transform((value) => value === true || yes.includes(String(value)))
    .default(true)
    .meta({ description: 'Whether to answer with sound, too.' }),
  native_language: z
    .string({ error: 'must be a string' })
    .refine(
      (code) => findLanguage(code) !== undefined,
      'must be the ISO 639-1 code of a language that explanations can be given in',
    )
    .transform((code) => findLanguage(code)?.code ?? code)
    .optional()
    .meta({
      description:
        'ISO 639-1 code of the language to explain in. It is kept for the learner; `en` for a new one.',
      enum: NATIVE_LANGUAGES.map(({ code }) => code),
    }),
  level: z
    .enum(LEVELS, { error: `must be one of ${LEVELS.join(', ')}` })
    .optional()
    .meta({
      description: "The learner's level. It is kept for the learner; `beginner` for a new one.",
    }),
})
export type LessonFields = z.infer<typeof LessonFields>

export type WrongField = { field: string; message: string }

/** How many unknown fields an error names, and how much of a long name. */
const MAX_UNKNOWN_FIELDS = 20
const MAX_NAME_LENGTH = 100

const NAMES = [...Object.keys(LessonFields.shape), 'audio'].join(', ')

/** Every wrong field of a request, as its caller reads them; the parsed fields where none is. */
export function checkFields(fields: Record<string, unknown>): {
  fields: LessonFields | undefined
  wrongFields: WrongField[]
} {
  const { data, error } = LessonFields.safeParse(fields)
  const wrongFields = (error?.issues ?? [])
    // Named below: the schema overlooks `__proto__`.
    .filter(({ code }) => code !== 'unrecognized_keys')
    .map(({ path, message }) => ({ field: path.join('.'), message }))
  return { fields: data, wrongFields: [...wrongFields, ...unknownFields(fields)] }
}

function unknownFields(fields: Record<string, unknown>): WrongField[] {
  return Object.keys(fields)
    .filter((name) => !Object.hasOwn(LessonFields.shape, name))
    .slice(0, MAX_UNKNOWN_FIELDS)
    .map((name) => ({
      field: shortName(name),
      message: `is no field of a lesson: these are ${NAMES}`,
    }))
}

/** A field's name as it is shown to its caller. */
export function shortName(name: string): string {
  return name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH)}...` : name
}

function hasLessonLength(text: string): boolean {
  const trimmedText = text.trim()
  // A character has two UTF-16 units at most: megabytes are not taken apart to be counted.
  if (trimmedText.length > 2 * MAX_TEXT_LENGTH) return false
  const length = [...trimmedText].length
  return length >= MIN_TEXT_LENGTH && length <= MAX_TEXT_LENGTH
}
