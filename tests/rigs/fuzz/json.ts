import fc from 'fast-check'
import { hostileText } from './texts.ts'

/** What stands in a tree in the place of JSON that no value serialises to. */
const MARK = '\u0001raw\u0001'

/** JSON texts that parsers and those who read them stumble over. */
const SNIPPETS = [
  ...[
    'null',
    'true',
    '0',
    '-0',
    '0.1',
    '-1',
    '1e400',
    '-1e400',
    '1e308',
    '2147483648',
    '""',
    '[]',
    '{}',
  ],
  ...[
    '9007199254740991',
    '9007199254740993',
    '-9223372036854775809',
    '"\\u0000"',
    '"\\ud800"',
    '"\\udc00x"',
  ],
  ...[
    '{"__proto__":{"id":1}}',
    '{"constructor":{"prototype":1}}',
    '{"id":1,"id":2}',
    '{"toString":1}',
  ],
  ...['"constructor"', '"__proto__"', '"1"', '" 1"', '[1]', '[[[]]]', '{"length":-1}', '[null]'],
] as const

/** JSON of one value, as text: any, hostile, or nested so many levels deep. */
export function hostileJson({ deepest = 20_000 } = {}): fc.Arbitrary<string> {
  const levels = fc.constantFrom(1, 100, deepest)
  return fc.oneof(
    { weight: 10, arbitrary: fc.constantFrom(...SNIPPETS) },
    { weight: 5, arbitrary: hostileText().map((text) => JSON.stringify(text)) },
    { weight: 3, arbitrary: fc.json({ maxDepth: 4 }) },
    { weight: 1, arbitrary: levels.map((count) => '['.repeat(count) + ']'.repeat(count)) },
    {
      weight: 1,
      arbitrary: levels.map((count) => `${'{"a":'.repeat(count)}0${'}'.repeat(count)}`),
    },
  )
}

/** One change to a tree: at a place that is found by going down `path`, modulo what is there. */
export type Change = {
  path: number[]
  how: 'replace' | 'remove' | 'add' | 'repeat'
  key: string
  json: string
}

export function changes(keys: readonly string[], maxChanges = 3): fc.Arbitrary<Change[]> {
  const key = fc.oneof(fc.constantFrom(...keys), fc.constantFrom('__proto__', 'constructor', ''))
  const change = fc.record({
    // Most readers look at what is deeper down; without the top it is another thing altogether.
    path: fc.oneof(
      { weight: 1, arbitrary: fc.array(fc.nat(20), { minLength: 1, maxLength: 1 }) },
      { weight: 9, arbitrary: fc.array(fc.nat(20), { minLength: 2, maxLength: 6 }) },
    ),
    how: fc.constantFrom('replace' as const, 'replace' as const, 'remove', 'add', 'repeat'),
    key,
    json: hostileJson(),
  })
  return fc.array(change, { maxLength: maxChanges })
}

/** The JSON of a tree with changes made to it; keys may then stand in it twice. */
export function editedJson(tree: object, edits: readonly Change[]): string {
  const copy: object = structuredClone(tree)
  const raw: string[] = []
  for (const { path, how, key, json } of edits) {
    const { holder, name } = placeIn(copy, path)
    if (how === 'remove') Reflect.deleteProperty(holder, name)
    else if (how === 'repeat') set(holder, `${name}${MARK}twice`, Reflect.get(holder, name))
    else {
      set(holder, how === 'add' ? key : name, `${MARK}${raw.length}${MARK}`)
      raw.push(json)
    }
  }
  return JSON.stringify(copy)
    .replaceAll(`${escapedMark}twice`, '')
    .replace(new RegExp(`"${escapedPattern}(\\d+)${escapedPattern}"`, 'g'), (_, at) => {
      return raw[Number(at)] ?? 'null'
    })
}

const escapedMark = JSON.stringify(MARK).slice(1, -1)
const escapedPattern = escapedMark.replaceAll('\\', '\\\\')

/** Where a path ends: it goes down through what can hold something, and as far as there is. */
function placeIn(tree: object, [...path]: readonly number[]): { holder: object; name: string } {
  const last = path.pop() ?? 0
  let holder = tree
  for (const step of path) {
    const holders = Object.values(holder).filter(
      (value) => typeof value === 'object' && value !== null,
    )
    if (holders.length > 0) holder = holders[step % holders.length]
  }
  const names = Object.keys(holder)
  return { holder, name: names[last % names.length] ?? '' }
}

// Assigning would set the prototype where the key is `__proto__`.
function set(holder: object, name: string, value: unknown): void {
  Reflect.defineProperty(holder, name, {
    value,
    enumerable: true,
    writable: true,
    configurable: true,
  })
}
