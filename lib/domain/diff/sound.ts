import { spellingOf } from './spelling.ts'
import { wordsOf } from './words.ts'

/**
 * Tells whether two texts sound the same, word by word (a final d is a t) or run together (its neighbour changes it):
 * where one word ends and the next begins is not heard.
 */
export function soundSame(a: string, b: string): boolean {
  const [wordsA, wordsB] = [wordsOf(a), wordsOf(b)]
  return (
    wordsA.map(soundOf).join('') === wordsB.map(soundOf).join('') ||
    soundOf(wordsA.join('')) === soundOf(wordsB.join(''))
  )
}

/**
 * What a Czech listener hears of a word, one character per sound: words that are spelled otherwise and sound alike have
 * the same one (`byli` and `byly`, `jsem` and `sem`, `mně` and `mě`, `led` and `let`).
 *
 * The rules of Czech orthoepy, in the order in which they feed each other (Hůrková: Česká výslovnostní norma, 1995;
 * Internetová jazyková příručka, "Výslovnost"). The length of vowels is heard, `i` and `y` are not told apart but
 * after d, t, n, whose consonant tells them.
 */
export function soundOf(word: string): string {
  const spelling = spellingOf(word)
  // Words of other scripts have no Czech sound.
  if (!/^[\p{Script=Latin}\p{M}]+$/u.test(spelling)) return spelling
  const sounds = RULES.reduce((sound, [pattern, text]) => sound.replace(pattern, text), spelling)
  return CLUSTERS.reduce(
    (sound, [pattern, text]) => sound.replace(pattern, text),
    assimilated(sounds)
      .replace(/(.)\1+/gu, '$1')
      .replace(AFFRICATES, affricateOf),
  )
}

/** Clusters that all but the most careful speech makes shorter; both ways are right. */
const CLUSTERS: readonly (readonly [pattern: RegExp, sounds: string])[] = [
  // šťastný, vlastně, prázdný, šestnáct.
  [/([sšzž])[tTdD](?=[nN])/g, '$1'],
  // městský.
  [/sc(?=k)/g, 's'],
  // rozšířit.
  [/s(?=š)/g, ''],
  // denně, činnější: a hard consonant before its soft twin.
  [/n(?=N)/g, ''],
]

/** Letters to sounds. `x` stands for ch, D, T, N for the soft consonants; X holds ch until the letter x has become ks. */
const RULES: readonly (readonly [pattern: RegExp, sounds: string])[] = [
  [/w/g, 'v'],
  [/q/g, 'kv'],
  // Both sounds of s and z before h are right: shoda, na shledanou.
  [/[sz](ch|h)/g, 'sX'],
  [/ch/g, 'X'],
  // Between vowels at a word's start it is voiced: existovat, exemplář.
  [/^((?:ne)?e)x(?=[aáeéěiíoóuúyý])/g, '$1gz'],
  [/x/g, 'ks'],
  [/X/g, 'x'],
  [/ism(?=us|[ueůy]|ech|em|$)/g, 'izm'],
  // Words of other languages that may be spelled either way are said with z: diskuse, kursy, president.
  [
    /(?<=disku|^kur|^(?:im)?pul|univer|^konver|^filo|^filozo|^rene(?=sanc)|^pre(?=sident))s(?=[aáeéiíouůyý])/g,
    'z',
  ],
  [/mn?ě/g, 'mNe'],
  [/([bpvf])ě/g, '$1je'],
  [/[dď](?=[iíě])/g, 'D'],
  [/[tť](?=[iíě])/g, 'T'],
  [/[nň](?=[iíě])/g, 'N'],
  [/ď/g, 'D'],
  [/ť/g, 'T'],
  [/ň/g, 'N'],
  [/ě/g, 'e'],
  [/y/g, 'i'],
  [/ý/g, 'í'],
  [/ů/g, 'ú'],
  // A glide is heard between i and a vowel: Maria, historie.
  [/([ií])(?=[aáeéoóuú])/g, '$1j'],
  // j before a consonant at the beginning is not: jsem, jdu, jméno.
  [/^j(?=[^aáeéiíoóuú])/g, ''],
]

/** Pairs by index; ʒ and ǯ are the voiced c and č. v is devoiced, too, but voices nothing. */
const VOICED = 'bdDgzžhʒǯ'
const VOICELESS = 'ptTksšxcč'

/** Clusters of consonants take the voice of their last one, which has none at a word's end. */
function assimilated(sounds: string): string {
  const letters = Array.from(sounds)
  let nextLetter: string | undefined
  for (let index = letters.length - 1; index >= 0; index -= 1) {
    const letter = letters[index] ?? ''
    const isLast = index === letters.length - 1
    if (isLast || (nextLetter !== undefined && `${VOICELESS}f`.includes(nextLetter))) {
      letters[index] = voiceless(letter)
    } else if (nextLetter !== undefined && VOICED.includes(nextLetter)) {
      letters[index] = voiced(letter)
    }
    nextLetter = letters[index]
  }
  return letters.join('')
}

function voiceless(letter: string): string {
  if (letter === 'v') return 'f'
  return VOICELESS[VOICED.indexOf(letter)] ?? letter
}

function voiced(letter: string): string {
  if (letter === 'f') return 'v'
  return VOICED[VOICELESS.indexOf(letter)] ?? letter
}

/** A stop and the sibilant behind it are one sound: dětský, mladší, srdce. */
const AFFRICATES = /[tT](?:s|c)|[tT](?:š|č)|[dD](?:z|ʒ)|[dD](?:ž|ǯ)/gu

function affricateOf(cluster: string): string {
  if (/[sc]$/u.test(cluster)) return 'c'
  if (/[šč]$/u.test(cluster)) return 'č'
  return /[zʒ]$/u.test(cluster) ? 'ʒ' : 'ǯ'
}
