/** The grammatical gender in which learners speak of themselves. */
export const GENDERS = ['feminine', 'masculine'] as const
export type Gender = (typeof GENDERS)[number]

/** What is known of it: `unsaid` where they were asked and have not told. */
export const GENDER_SETTINGS = ['unknown', 'unsaid', ...GENDERS] as const
export type GenderSetting = (typeof GENDER_SETTINGS)[number]

/**
 * The gender that a learner's own words show, where the correction keeps it: a tutor that puts a past tense in for
 * an infinitive has guessed.
 */
export function genderShown(said: string, correctedText: string): Gender | undefined {
  const gender = genderIn(said)
  return gender === genderIn(correctedText) ? gender : undefined
}

/** The gender of what is said in the first person; undefined where nothing or both are shown. */
function genderIn(text: string): Gender | undefined {
  const words = text.toLocaleLowerCase('cs').replace(/\s+/g, ' ')
  const isShown = { feminine: FEMININE.test(words), masculine: MASCULINE.test(words) }
  if (isShown.feminine === isShown.masculine) return undefined
  return isShown.feminine ? 'feminine' : 'masculine'
}

/** What may stand between the auxiliary and its participle. */
const BETWEEN =
  '(?:(?:se|si|to|ho|ji|mu|jí|tam|tu|už|včera|dnes|dneska|taky|také|moc|velmi|pak) ){0,3}'
const VERB_BEGINS = '(?<!\\p{L})'
const WORD_ENDS = '(?!\\p{L})'

function firstPerson(participle: string, glad: string, adjective: string): RegExp {
  const patterns = [
    `${participle} (?:jsem|bych)`,
    `(?:jsem|bych) ${BETWEEN}${participle}`,
    `(?:jsem|mám|bych) ${BETWEEN}${glad}`,
    `${glad} (?:jsem|bych|mám)`,
    // "Rád piju", at the beginning only: "bratr má rád kávu".
    `(?<=^|[.!?] )${glad} \\p{L}{2,}(?:ám|ím|u)`,
    `(?:jsem|nejsem) ${BETWEEN}${adjective}`,
  ]
  return new RegExp(`${VERB_BEGINS}(?:${patterns.join('|')})${WORD_ENDS}`, 'u')
}

// Nouns in -tel (učitel) name professions and are no participles; their feminine ends in -telka.
const FEMININE = firstPerson('\\p{L}+la', 'ráda', '\\p{L}{2,}[nvdklrt]á')
const MASCULINE = firstPerson('\\p{L}+(?<!te)l', 'rád', '\\p{L}{2,}[nvdklrt]ý')
