import { expect, test } from 'vitest'
import { inspectAudio } from '../../lib/adapters/audio/file.ts'
import { silentWav } from '../support/lesson-requests.ts'

/** Two cores take more than three seconds for so many: each is read in a thread that loads its library anew. */
const RECORDINGS = 48

test('good recordings are read however many come at once', async () => {
  const contents = await Promise.all(
    Array.from({ length: RECORDINGS }, () => inspectAudio(silentWav(1))),
  )
  expect(contents.map((content) => content?.durationSeconds)).toEqual(Array(RECORDINGS).fill(1))
})
