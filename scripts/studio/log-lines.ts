/** A line of the functions' log. */
export type LogLine = { level: string; event: string } & Readonly<Record<string, unknown>>

/** Reads a line of output as one of the log; undefined for any other, a stack trace's brace among them. */
export function readLogLine(line: string): LogLine | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    const fields: unknown = JSON.parse(line)
    return isLogLine(fields) ? fields : undefined
  } catch {
    // No JSON: the functions' own words, which are passed on as they are.
    return undefined
  }
}

function isLogLine(fields: unknown): fields is LogLine {
  return (
    typeof fields === 'object' &&
    fields !== null &&
    'event' in fields &&
    typeof fields.event === 'string' &&
    'level' in fields &&
    typeof fields.level === 'string'
  )
}

/** Fields that say where a line belongs, and nothing of what happened. */
const ORIGIN = [
  'request_id',
  'job_id',
  'source',
  'lane',
  'attempt',
  'update_id',
  'telegram_id',
  'learner_id',
]

/** What a warning or an error says to a person: its event, why, and of a bug its stack; undefined for other lines. */
export function troubleOf(line: LogLine): string | undefined {
  if (line.level !== 'warn' && line.level !== 'error') return undefined
  const { level, time: _time, event, error, ...fields } = line
  const reason = reasonOf(error) ?? detailsOf(fields)
  return [`${level}: ${event}: ${reason}`, ...stackOf(error)].join('\n')
}

function detailsOf(fields: object): string {
  const details = Object.entries(fields).filter(([name]) => !ORIGIN.includes(name))
  return details.map(([name, value]) => `${name} ${JSON.stringify(value)}`).join(', ')
}

/** The messages of an error and of what caused it, outermost first. */
export function reasonOf(error: unknown): string | undefined {
  if (typeof error === 'string') return error
  const messages = chainOf(error).map(({ message }) => message)
  return messages.length === 0 ? undefined : [...new Set(messages)].join(' ← ')
}

type ErrorFields = { name: string; message: string; code?: string; stack?: string; cause?: unknown }

function chainOf(error: unknown): ErrorFields[] {
  if (!isErrorFields(error)) return []
  return [error, ...chainOf(error.cause)]
}

function isErrorFields(error: unknown): error is ErrorFields {
  return (
    typeof error === 'object' &&
    error !== null &&
    'message' in error &&
    typeof error.message === 'string'
  )
}

const STACK_LINES = 6

/** The place of an error that no part of the app has foreseen: such a one has no code of ours. */
function stackOf(error: unknown): string[] {
  const innermostError = chainOf(error).at(-1)
  if (innermostError === undefined || innermostError.name === 'AppError') return []
  return (innermostError.stack ?? '')
    .split('\n')
    .filter((line) => /^ {4}at /.test(line))
    .slice(0, STACK_LINES)
}
