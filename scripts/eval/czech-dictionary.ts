import { memoise } from '../../lib/app/memoise.ts'
import { tokensOf, wordsOf } from '../../lib/domain/diff/words.ts'

/** Knows which words are forms of Czech words. */
export type CzechDictionary = { knows(word: string): boolean }

/**
 * Opens the dictionary of LibreOffice for Hunspell (GPL-2.0: for development only); undefined where its packages are
 * not installed. Takes a second or two at the first call.
 */
export const openCzechDictionary = memoise(open)

async function open(): Promise<CzechDictionary | undefined> {
  try {
    const [{ loadModule }, { default: files }] = await Promise.all([
      import('hunspell-asm'),
      import('dictionary-cs'),
    ])
    const factory = await loadModule()
    const [affixes, words] = [files.aff, files.dic].map((file) =>
      factory.mountBuffer(new Uint8Array(file)),
    )
    const hunspell = factory.create(affixes ?? '', words ?? '')
    return { knows: (word) => hunspell.spell(word) }
  } catch (error) {
    // Without the development dependencies the evaluation goes on, and says that this figure is missing.
    if (isMissingPackage(error)) return undefined
    throw error
  }
}

function isMissingPackage(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
}

/**
 * The words of a text that are no Czech: in small letters, because names are in no dictionary, and not among the words
 * that the learner said.
 */
export function inventedForms(dictionary: CzechDictionary, text: string, said: string): string[] {
  const ownWords = new Set(wordsOf(said))
  const words = tokensOf(text).map((token) => token.text)
  const candidates = words.filter((word) => /^\p{Ll}{2,}$/u.test(word) && !ownWords.has(word))
  return [...new Set(candidates)].filter((word) => !dictionary.knows(word))
}
