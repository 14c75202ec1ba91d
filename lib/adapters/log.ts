import pino from 'pino'
import { AppError } from '../app/error.ts'
import type { Fields, Log } from '../app/ports.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/**
 * Writes one JSON object a line. Whatever is logged, nothing that looks like a bot token or an API key,
 * and none of `secrets`, leaves this function.
 */
export function pinoLog(options: {
  level: LogLevel
  secrets: readonly string[]
  write: (line: string) => void
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
      logger[level](serialised(fields), event)
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** Replaces secrets by `[redacted]`: the given ones, and all that have the form of one. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const exact = secrets.filter((secret) => secret.length >= 8)
  return (text) =>
    exact
      .reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text)
      .replace(/\bbot\d+:[\w-]+/g, 'bot[redacted]')
      .replace(/\b\d{6,}:[\w-]{20,}/g, '[redacted]')
      .replace(/\b(sk|mluv)[-_][\w-]{8,}/g, '[redacted]')
}

function serialised(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      value instanceof Error ? serialisedError(value) : value,
    ]),
  )
}

function serialisedError(error: Error): Fields {
  return {
    name: error.name,
    message: error.message,
    ...(error instanceof AppError && { code: error.code }),
    stack: error.stack,
    ...(error.cause instanceof Error && { cause: serialisedError(error.cause) }),
  }
}
