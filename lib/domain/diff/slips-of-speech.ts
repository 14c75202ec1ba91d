import { soundOf } from './sound.ts'
import type { SpokenWord } from './spoken-words.ts'

/**
 * Leaves out what speaking brings with it and no teacher marks: fillers, words said twice in a row, and words
 * broken off; each only where the corrected words do not have it, too.
 */
export function withoutSlips(
  said: string,
  words: readonly SpokenWord[],
  correction: readonly SpokenWord[],
): SpokenWord[] {
  const correctWords = new Set(correction.map(({ text }) => text))
  const fluentWords = words.filter((word, index) => {
    const isSlip = FILLERS.has(word.text) || isBrokenOff(said, word, words[index + 1])
    return !isSlip || correctWords.has(word.text)
  })
  return withoutRepetitions(fluentWords, correction)
}

/** A word that was begun and then said whole, as recognisers write it: `byd- bydlím`. */
function isBrokenOff(said: string, word: SpokenWord, nextWord: SpokenWord | undefined): boolean {
  const isMarked = /^(?:[-–—…]|\.\.)/u.test(said.slice(word.to, word.to + 3))
  return isMarked && nextWord?.text.startsWith(word.text) === true
}

/** Sounds and words that fill a pause in Czech, Russian and Ukrainian speech, as recognisers write them. */
const FILLERS: ReadonlySet<string> = new Set(
  `e ee eee eh ehm ehmm em emm er é éé h hm hmm hmmm m mm mmm mhm uh um uhm ach ah á aa
   no nu ну э ээ эм мм ммм е ем ну-у jako jakoby prostě vlastně takže tak teda tedy jaksi takhle`.split(
    /\s+/u,
  ),
)

/** The most words that are looked for said twice: "já jsem byl já jsem byl". */
const LONGEST_REPETITION = 4

function withoutRepetitions(
  said: readonly SpokenWord[],
  correction: readonly SpokenWord[],
): SpokenWord[] {
  const correctRepetitions = new Set(
    repetitionsOf(soundsOf(correction)).map(({ sounds }) => sounds),
  )
  const sounds = soundsOf(said)
  const droppedIndexes = new Set<number>()
  for (const repetition of repetitionsOf(sounds)) {
    if (correctRepetitions.has(repetition.sounds)) continue
    for (let index = 0; index < repetition.length; index += 1)
      droppedIndexes.add(repetition.at + index)
  }
  return said.filter((_, index) => !droppedIndexes.has(index))
}

function soundsOf(words: readonly SpokenWord[]): string[] {
  return words.map(({ text }) => soundOf(text))
}

/** Every run of up to four words that is repeated at once: its first place, longest runs first. */
function repetitionsOf(
  sounds: readonly string[],
): { at: number; length: number; sounds: string }[] {
  const repetitions = []
  for (let length = LONGEST_REPETITION; length > 0; length -= 1) {
    for (let at = 0; at + 2 * length <= sounds.length; at += 1) {
      const run = sounds.slice(at, at + length)
      const isRepeated = run.every((sound, index) => sound === sounds[at + length + index])
      if (isRepeated) repetitions.push({ at, length, sounds: run.join(' ') })
    }
  }
  return repetitions
}
