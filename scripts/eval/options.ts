import { parseArgs } from 'node:util'
import { findLanguage } from '../../lib/domain/learner/languages.ts'
import { CORRECTIONS_LEVELS, LEVELS } from '../../lib/domain/learner/learner.ts'
import { type Outcome, wrongUsage } from '../cli/command-line.ts'
import type { Setting } from './setting.ts'

/** What an evaluation is asked to do. */
export type EvalOptions = {
  corpus: string
  setting: Setting
  limit: number | undefined
  runs: number
  record: string | undefined
  isResumed: boolean
  isJson: boolean
  isAgreed: boolean
}

/** What a comparison is asked to do. */
export type CompareOptions = { folders: [string, string]; isJson: boolean }

const OPTIONS = {
  corpus: { type: 'string' },
  limit: { type: 'string' },
  kind: { type: 'string', default: 'voice' },
  level: { type: 'string', default: 'beginner' },
  corrections: { type: 'string', default: 'balanced' },
  native: { type: 'string', default: 'ru' },
  runs: { type: 'string', default: '1' },
  record: { type: 'string' },
  resume: { type: 'boolean', default: false },
  compare: { type: 'string' },
  json: { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
} as const

/** Reads the arguments; an Outcome where they are wrong. */
export function readOptions(args: string[]): EvalOptions | CompareOptions | Outcome {
  const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true })
  if (values.compare !== undefined) {
    const [second, ...surplusArguments] = positionals
    return second === undefined || surplusArguments.length > 0
      ? wrongUsage('--compare takes two folders of records.')
      : { folders: [values.compare, second], isJson: values.json }
  }
  const { corpus, record, resume } = values
  if (positionals.length > 0) return wrongUsage(`"${positionals[0]}" is no option.`)
  if (corpus === undefined) return wrongUsage('--corpus <file> is missing.')
  if (resume && record === undefined)
    return wrongUsage('--resume goes on with a --record <folder>.')

  const kind = oneOf(['voice', 'text'], values.kind)
  if (kind === undefined) return wrongUsage('--kind is voice or text.')
  const level = oneOf(LEVELS, values.level)
  if (level === undefined) return wrongUsage(`--level is one of ${LEVELS.join(', ')}.`)
  const corrections = oneOf(CORRECTIONS_LEVELS, values.corrections)
  if (corrections === undefined)
    return wrongUsage(`--corrections is one of ${CORRECTIONS_LEVELS.join(', ')}.`)
  if (findLanguage(values.native) === undefined)
    return wrongUsage('--native is the ISO 639-1 code of a language that learners may have.')
  const [limit, runs] = [values.limit, values.runs].map((text) => wholeNumber(text))
  if (Number.isNaN(limit) || Number.isNaN(runs))
    return wrongUsage('--limit and --runs are whole numbers from 1 on.')

  return {
    corpus,
    setting: { kind, level, corrections, native: values.native },
    limit,
    runs: runs ?? 1,
    record,
    isResumed: resume,
    isJson: values.json,
    isAgreed: values.yes,
  }
}

function oneOf<const Value extends string>(
  values: readonly Value[],
  text: string,
): Value | undefined {
  return values.find((value) => value === text)
}

/** NaN where the text is no whole number from 1 on; undefined where there is none. */
function wholeNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  return /^[1-9]\d{0,6}$/.test(text) ? Number(text) : Number.NaN
}
