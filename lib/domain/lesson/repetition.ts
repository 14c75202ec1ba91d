import { wordsOf } from '../diff/words.ts'
import type { PastLesson } from './lesson.ts'

/** Tells whether the learner has said the very same words in one of these lessons; punctuation and capitals do not count. */
export function isRepeated(said: string, lessons: readonly Pick<PastLesson, 'said'>[]): boolean {
  const words = plainText(said)
  return lessons.some((lesson) => plainText(lesson.said) === words)
}

function plainText(text: string): string {
  return wordsOf(text).join(' ')
}
