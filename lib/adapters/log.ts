import { AsyncLocalStorage } from 'node:async_hooks'
import pino from 'pino'
import { AppError } from '../app/error.ts'
import type { Fields, Log, LogScope } from '../app/ports.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/**
 * Writes one JSON object a line. No field lets out what looks like a bot token or an API key, nor any of
 * `secrets`.
 */
export function pinoLog(options: {
  level: LogLevel
  secrets: readonly string[]
  write: (line: string) => void
  /** Whose fields each line carries; its own come first. */
  scope?: Pick<LogScope, 'fields'>
}): Log {
  const redact = redactor(options.secrets)
  const logger = pino(
    {
      level: options.level,
      base: null,
      messageKey: 'event',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    { write: (line: string) => options.write(redact(line)) },
  )
  const at =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (event: string, fields: Fields = {}) =>
      logger[level](serialise({ ...options.scope?.fields(), ...fields }), event)
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** A scope that follows its work through everything it awaits. */
export function logScope(): LogScope {
  const storage = new AsyncLocalStorage<Fields>()
  return {
    within: (work) => {
      const { request_id: requestId } = storage.getStore() ?? {}
      return storage.run(requestId === undefined ? {} : { request_id: requestId }, work)
    },
    add: (fields) => void Object.assign(storage.getStore() ?? {}, fields),
    fields: () => storage.getStore() ?? {},
  }
}

/** Replaces secrets by `[redacted]`: the given ones, and all that have the form of one. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  // As it is, as JSON writes it and as JSON within JSON; the longer first, as one may begin another.
  const exact = secrets
    .filter((secret) => secret.length >= 8)
    .flatMap((secret) => [secret, inJson(secret), inJson(inJson(secret))])
    .sort((a, b) => b.length - a.length)
  return (text) =>
    exact
      .reduce((line, secret) => line.replaceAll(secret, '[redacted]'), text)
      .replace(/(?<![A-Za-z])bot\d+(:|%3A)[\w-]+/g, 'bot[redacted]')
      .replace(BOT_TOKEN, '[redacted]')
      .replace(API_KEY, (word: string, ...[, offset, line]: [string, number, string]) =>
        isName(word, line.slice(0, offset), line.slice(offset + word.length)) ? word : '[redacted]',
      )
}

/**
 * Tells the name of a host or a database from a key of the same beginning: `mluv-me.vercel.app`, `mluv_test`. No key
 * is a few lower-case words, and none has a domain, a port or a path behind it and no long run of signs within.
 */
function isName(word: string, textBefore: string, textAfter: string): boolean {
  if (/[A-Z]/.test(word) || /[a-z\d]{24,}/.test(word)) return false
  if (!/\d/.test(word) && word.length <= MAX_NAME_LENGTH) return true
  if (word.includes('_')) return false
  const isInUrl = /(:\/\/|@)$/.test(textBefore) && /^([:/?#\s"',;)]|$)/.test(textAfter)
  return isInUrl || /^(\.[a-z\d-]+)+/.test(textAfter) || /^:\d{2,5}(?![\w-])/.test(textAfter)
}

/** The shortest of our own keys have twice as many characters. */
const MAX_NAME_LENGTH = 32

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

/** Not the digits of an escape such as `\u0000`: half of one is no JSON. */
const BOT_TOKEN = /(?<!(?<!\\)(?:\\\\){0,9}\\u[\da-f]{0,3})\d{6,20}(:|%3A)[\w-]{20,}/g

/** Not inside a word; the letter or digit that ends an escape, as in `\n` or `%20`, is no word's. */
const API_KEY = /(?<=^|[^A-Za-z0-9]|\\[bfnrt]|\\u[\da-f]{4}|%[\dA-F]{2})(sk|mluv)[-_][\w-]{8,}/g

/**
 * Writes lines to stdout for as long as it is read. Where its reader has gone (journald restarted, a shipper ended)
 * or its disk is full, the lines are lost and the process goes on: lessons do not hang on their log.
 */
export function stdoutWriter(
  stdout: NodeJS.WritableStream = process.stdout,
): (line: string) => void {
  // Without a listener, the first line that fails would end the process.
  stdout.on('error', () => {})
  return (line) => void stdout.write(line)
}

function serialise(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      value instanceof Error ? serialiseError(value) : value,
    ]),
  )
}

function serialiseError(error: Error, effects: readonly Error[] = []): Fields {
  const { cause } = error
  const chain = [...effects, error]
  return {
    name: error.name,
    message: error.message,
    ...(error instanceof AppError && { code: error.code }),
    stack: error.stack,
    ...(cause instanceof Error &&
      !chain.includes(cause) && { cause: serialiseError(cause, chain) }),
  }
}
