import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { imitationRemarks } from '../../../scripts/studio/imitation.ts'
import { answerTo } from '../../../scripts/studio/openai/answers.ts'
import type { RecordedRequest } from '../../../scripts/studio/openai/stand-in.ts'
import { openTimeline } from '../../../scripts/studio/openai/timeline.ts'
import { recordings, sha256 } from '../../../scripts/studio/openai/transcription.ts'

const request = (fields: Partial<RecordedRequest>): RecordedRequest => ({
  stage: 'speak',
  path: '',
  headers: {},
  fields: {},
  isPaid: true,
  timeline: openTimeline(),
  ...fields,
})
const tutorRequest = (content: string) =>
  request({ stage: 'reply', fields: { messages: [{ role: 'user', content }] } })

async function remarksOf(requests: readonly RecordedRequest[]): Promise<string[]> {
  const lines: string[] = []
  const take = await imitationRemarks((line) => lines.push(stripVTControlCharacters(line)))
  for (const each of requests) take(each)
  return lines
}

test('at each message it is said which parts of its lesson are imitated, and the voice once', async () => {
  const [knownRecording] = await recordings()
  const lines = await remarksOf([
    request({
      stage: 'transcribe',
      audioSha256: sha256(knownRecording?.bytes ?? new Uint8Array()),
    }),
    tutorRequest(knownRecording?.text ?? ''),
    request({}),
    request({}),
  ])
  expect(lines).toEqual([
    expect.stringMatching(/^\(imitated: the recogniser; it knows this recording/),
    expect.stringMatching(/^\(imitated: the tutor; it knows this sentence by heart/),
    expect.stringMatching(/^\(imitated: the voice; espeak-ng/),
  ])
})

test('of a recording of the developer’s own it is said what it is taken for', async () => {
  const lines = await remarksOf([
    request({ stage: 'transcribe', audioSha256: sha256(new Uint8Array([1])) }),
    tutorRequest('Dobrý den, jak se máte?'),
    tutorRequest('qwertz ???'),
  ])
  expect(lines).toEqual([
    expect.stringMatching(/recogniser; it hears nothing, .*“Dobrý den, jak se máte\?”/),
    expect.stringMatching(/tutor; it knows this sentence by heart/),
    expect.stringMatching(/tutor; it knows no Czech, .*no grade/),
  ])
})

test('where facts are looked for, that is what is said to be imitated', async () => {
  const schema = { properties: { facts: {}, outdated: {} } }
  const fields = { response_format: { json_schema: { schema } } }
  expect(await remarksOf([request({ stage: 'reply', fields })])).toEqual([
    '(imitated: the tutor; it notes what is said of oneself in so many words)',
  ])
})

test.each([
  ['Já mám rád česká jídlo.', 'Já mám rád české jídlo.', ['česká jídlo']],
  [
    'Včera jsem byl v Praha a šel jsem do obchod.',
    'Včera jsem byl v Praze a šel jsem do obchodu.',
    ['v Praha', 'do obchod'],
  ],
  // Right as they are: no mistake is made of them.
  ['Jdu do obchodu v Praze.', 'Jdu do obchodu v Praze.', []],
  ['Katedrála je velká.', 'Katedrála je velká.', []],
])(
  'the imitated tutor corrects in “%s” what it knows by heart, and nothing else',
  (said, correctedText, originals) => {
    const answer = answerTo(said, 'Native language: English')
    expect(answer.corrected_text).toBe(correctedText)
    expect(answer.mistakes.map(({ original }) => original)).toEqual(originals)
  },
)
