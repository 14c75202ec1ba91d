/** A number that words say: its value, and how many words say it. */
export type SpokenNumber = { readonly value: number; readonly length: number }

/**
 * The longest number that begins at a word, in any case and as an ordinal: `dvacet pět`, `pětadvaceti`, `třetího`,
 * `devatenáct set šedesát osm`; undefined where none does.
 *
 * `words` as `spellingOf` gives them.
 */
export function spokenNumberAt(words: readonly string[], at: number): SpokenNumber | undefined {
  let [total, group] = [0, 0]
  let lastPart: Part | undefined
  let length = 0
  for (let index = at; index < words.length; index += 1) {
    const parts = partsOf(words[index] ?? '')
    if (parts.length === 0) break
    const sum = parts.reduce<Sum | undefined>(withPart, { total, group, lastPart })
    if (sum === undefined) break
    ;({ total, group, lastPart } = sum)
    length = index + 1 - at
  }
  return length === 0 ? undefined : { value: total + group, length }
}

type Part = { kind: 'unit' | 'ten' | 'hundred' | 'scale'; value: number }

/** A number as far as its parts have been read: `total` up to the last thousand or million, `group` what is read since. */
type Sum = { total: number; group: number; lastPart: Part | undefined }

/** The number with one more part; undefined where that belongs to another one. */
function withPart(sum: Sum | undefined, part: Part): Sum | undefined {
  if (sum === undefined) return undefined
  const { total, group, lastPart } = sum
  if (!follows(lastPart, part, group, total)) return undefined
  if (part.kind === 'scale')
    return { total: total + Math.max(1, group) * part.value, group: 0, lastPart: part }
  const isMultiplied = part.kind === 'hundred' && group > 0
  return { total, group: isMultiplied ? group * 100 : group + part.value, lastPart: part }
}

/** Whether a part goes on with the number that the parts before it have begun. */
function follows(lastPart: Part | undefined, part: Part, group: number, total: number): boolean {
  if (lastPart === undefined) return true
  if (part.kind === 'scale')
    return lastPart.kind !== 'scale' && (total === 0 || total >= part.value * 1_000)
  if (part.kind === 'hundred') return group < 20 && (group === 0 || lastPart.kind === 'unit')
  if (part.kind === 'ten') return group % 100 === 0 && lastPart.value !== 0
  // After units comes no unit: "sedm pět" are two numbers. Ten to nineteen take the place of the tens, too.
  const isFree = part.value < 10 ? group % 10 === 0 : group % 100 === 0
  return isFree && lastPart.kind !== 'unit' && part.value !== 0
}

/** The parts of a word: one, or those of a number that is written together (`dvěstě`, `tisícpětset`). None of any other word. */
function partsOf(word: string): Part[] {
  const part = partOf(word)
  if (part !== undefined) return [part]
  if (!GLUED.test(word)) return []
  for (let at = word.length - 3; at >= 2; at -= 1) {
    const lastPart = partOf(word.slice(at))
    const firstParts = lastPart === undefined ? [] : partsOf(word.slice(0, at))
    if (lastPart !== undefined && firstParts.length > 0) return [...firstParts, lastPart]
  }
  return []
}

/** A number's word with another one behind it: all but numbers are told at the first letters. */
const GLUED =
  /^(?:dv[aě]|tři|čtyři|pět|šest|sedm|osm|devět|sto|tisíc|dvacet|třicet|čtyřicet|padesát|šedesát|sedmdesát|osmdesát|devadesát)(?:st|set|tis|jed|dv|tři|čty|pět|šes|sed|osm|dev|dva|pad)/u

function partOf(word: string): Part | undefined {
  const compound = COMPOUND.exec(word)
  if (compound) {
    const [, unit = '', ten = ''] = compound
    return { kind: 'unit', value: (UNIT_PREFIXES.get(unit) ?? 0) + (partOf(ten)?.value ?? 0) }
  }
  return PARTS.find(([pattern]) => pattern.test(word))?.[1]
}

/** Units before tens: `pětadvacet`, `jednatřicátého`. The teens' words take no place of tens, so neither do these. */
const COMPOUND =
  /^(jedn|dva|tři|čtyři|pět|šest|sedm|osm|devět)a((?:dvac|třic|čtyřic|padesá|šedesá|sedmdesá|osmdesá|devadesá)\p{L}+)$/u

const UNIT_PREFIXES: ReadonlyMap<string, number> = new Map(
  ['jedn', 'dva', 'tři', 'čtyři', 'pět', 'šest', 'sedm', 'osm', 'devět'].map(
    (prefix, index): [string, number] => [prefix, index + 1],
  ),
)

/** Endings of ordinals, which are adjectives. */
const ADJECTIVE = '(?:ý|ého|ému|ém|ým|á|é|ou|ých|ými)'

const PARTS: readonly (readonly [pattern: RegExp, part: Part])[] = [
  part('unit', 0, 'nul(?:a|y|u|ou|tá|tý|tého)'),
  part(
    'unit',
    1,
    'jed(?:en|na|no|noho|né|nomu|nom|ním|nou|nu|ni|ny|ničk\\p{L}+)|prv(?:ní|ního|nímu|ním)',
  ),
  part('unit', 2, `dv(?:a|ě|ou|ěma)|druh${ADJECTIVE}|dvojk\\p{L}+`),
  part('unit', 3, 'tř(?:i|í|em|ema|ech|emi)|třetí(?:ho|mu|m)?|trojk\\p{L}+'),
  part('unit', 4, `čtyř(?:i|em|ma|mi|ech|ech)?|čtvrt${ADJECTIVE}|čtyřk\\p{L}+`),
  part('unit', 5, `pět(?:i|k\\p{L}+)?|pát${ADJECTIVE}`),
  part('unit', 6, `šest(?:i|k\\p{L}+)?|šest${ADJECTIVE}`),
  part('unit', 7, `sedm(?:i|ičk\\p{L}+)?|sedm${ADJECTIVE}`),
  part('unit', 8, `osm(?:i|ičk\\p{L}+)?|osm${ADJECTIVE}`),
  part('unit', 9, `devět|devíti|devítk\\p{L}+|devát${ADJECTIVE}`),
  part('unit', 10, `deset(?:i)?|desíti|desítk\\p{L}+|desát${ADJECTIVE}`),
  ...[
    'jedenáct',
    'dvanáct',
    'třináct',
    'čtrnáct',
    'patnáct',
    'šestnáct',
    'sedmnáct',
    'osmnáct',
    'devatenáct',
  ].map((word, index) => part('unit', index + 11, `${word}(?:i|k\\p{L}+|${ADJECTIVE})?`)),
  ...['dvac', 'třic', 'čtyřic'].map((stem, index) =>
    part('ten', 20 + 10 * index, `${stem}(?:et|eti|íti|ítk\\p{L}+|át${ADJECTIVE})`),
  ),
  ...['padesát', 'šedesát', 'sedmdesát', 'osmdesát', 'devadesát'].map((word, index) =>
    part('ten', 50 + 10 * index, `${word}(?:i|k\\p{L}+|${ADJECTIVE})?`),
  ),
  part('hundred', 100, `st(?:o|a|ě|u|em|ům|ech|y|ovk\\p{L}+)|set|st${ADJECTIVE}`),
  part('scale', 1_000, 'tisíc(?:e|i|ů|ům|ích|em|ovk\\p{L}+|í|ího|ímu|ím)?'),
  part('scale', 1_000_000, 'mili[oó]n(?:u|y|ů|ům|ech|em|t\\p{L}+)?'),
  part('scale', 1_000_000_000, 'miliard(?:a|y|ě|u|ou|ám|ách)?'),
]

function part(kind: Part['kind'], value: number, words: string): readonly [RegExp, Part] {
  return [new RegExp(`^(?:${words})$`, 'u'), { kind, value }]
}
