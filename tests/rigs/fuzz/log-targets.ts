import assert from 'node:assert/strict'
import fc from 'fast-check'
import { pinoLog } from '../../../lib/adapters/log.ts'
import { AppError } from '../../../lib/app/error.ts'
import { type FuzzTarget, fuzzTarget } from './target.ts'
import { hostileText } from './texts.ts'

/** What an operator may have chosen for a secret: anything of eight characters and more but white space. */
const secret = fc
  .string({ unit: 'grapheme-ascii', minLength: 8, maxLength: 40 })
  .filter((text) => !/\s/.test(text))
const letters = fc.stringMatching(/^[\w-]{35}$/)
/** Secrets that are known by their form alone. */
const wellKnown = fc.oneof(
  fc
    .tuple(fc.integer({ min: 1_000_000, max: 9_999_999_999 }), letters)
    .map((parts) => parts.join(':')),
  letters.map((suffix) => `sk-${suffix}`),
  letters.map((suffix) => `mluv_${suffix}`),
)

/** Anything that code may hand to the log, with a text somewhere in it. */
function fieldsOf(text: string, shape: number): Record<string, unknown> {
  const ring: Record<string, unknown> = { text }
  ring.self = ring
  const cause = new AppError('telegram-failed', text, { cause: new Error(text) })
  const shapes: Record<string, unknown>[] = [
    { text },
    { list: [text, { deep: { [text]: text } }] },
    { error: new Error(text, { cause }) },
    ring,
    { body: JSON.stringify({ text }) },
    { big: 1n, symbol: Symbol(text), map: new Map([[text, text]]), call: () => text },
    { url: new URL(`https://h.example/?q=${encodeURIComponent(text.toWellFormed())}`) },
    { [text]: undefined, date: new Date(Number.NaN), bytes: new TextEncoder().encode('x') },
  ]
  return shapes[shape % shapes.length] ?? {}
}

/** What is written down of anything that happens. */
export const LOG_TARGETS: readonly FuzzTarget[] = [
  fuzzTarget({
    name: 'log',
    fact: 'any log entry is one line of JSON without a secret, known or recognisable by its form',
    weight: 60,
    arbitrary: fc.record({
      chosen: secret,
      wellKnownSecret: wellKnown,
      before: hostileText(6),
      between: fc.constantFrom(' ', '\n', '"', '\\', '/', '=', '\u001b', '\u0000', ': ', '{'),
      after: hostileText(6),
      shape: fc.nat(7),
    }),
    holds({ chosen, wellKnownSecret, before, between, after, shape }) {
      const lines: string[] = []
      const write = (line: string) => void lines.push(line)
      const log = pinoLog({ level: 'debug', secrets: [chosen], write })
      const text = `${before}${between}${chosen}${between}${wellKnownSecret}${between}${after}`
      log.error('failed', fieldsOf(text, shape))
      const [line = '', ...otherLines] = lines
      assert.equal(otherLines.length, 0)
      assert.ok(line.endsWith('}\n') && line.indexOf('\n') === line.length - 1, 'not one line')
      const read: unknown = JSON.parse(line)
      for (const form of [line, ...textsIn(read)]) {
        assert.ok(!form.includes(chosen), `the chosen secret in ${form}`)
        assert.ok(!form.includes(wellKnownSecret), `the well-known secret in ${form}`)
      }
    },
  }),
]

/** Every text in a value, and, where it is JSON itself, every text in that. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value, ...textsIn(jsonOf(value))]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, part]) => [name, ...textsIn(part)])
}

function jsonOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' ? value : undefined
  } catch {
    // Most texts are no JSON.
    return undefined
  }
}
