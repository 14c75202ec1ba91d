import { isKnown } from './openai/answers.ts'
import { asksForFacts } from './openai/facts.ts'
import { fieldOf } from './openai/schema.ts'
import type { RecordedRequest } from './openai/stand-in.ts'
import { recordings, sha256, UNKNOWN } from './openai/transcription.ts'
import { remark } from './transcript.ts'

/** Says at each request that a stand-in answers what is imitated about it; at a row of spoken sentences, once. */
export async function imitationRemarks(
  print: (line: string) => void,
): Promise<(request: RecordedRequest) => void> {
  const knownHashes = new Set((await recordings()).map(({ bytes }) => sha256(bytes)))
  let lastLine = ''
  return (request) => {
    const line = imitationOf(request, knownHashes)
    if (line !== lastLine || request.stage !== 'speak') print(remark(`imitated: ${line}`))
    lastLine = line
  }
}

export const IMITATED_VOICE = 'the voice; espeak-ng speaks'

/** What is imitated about the answer to a request, in a sentence. */
export function imitationOf(request: RecordedRequest, knownHashes: ReadonlySet<string>): string {
  switch (request.stage) {
    case 'transcribe':
      return knownHashes.has(request.audioSha256 ?? '')
        ? 'the recogniser; it knows this recording by heart'
        : `the recogniser; it hears nothing, and takes every recording of your own for “${UNKNOWN.text}”`
    case 'reply':
      if (isAboutFacts(request))
        return 'the tutor; it notes what is said of oneself in so many words'
      return isKnown(utteranceOf(request))
        ? 'the tutor; it knows this sentence by heart'
        : 'the tutor; it knows no Czech, and this sentence is none that it has by heart: no grade'
    case 'speak':
      return IMITATED_VOICE
  }
}

function isAboutFacts({ fields }: RecordedRequest): boolean {
  const schema = fieldOf(fields, 'response_format', 'json_schema', 'schema')
  return typeof schema === 'object' && schema !== null && asksForFacts(schema)
}

/** What a request to reply is about: the learner's words. */
export function utteranceOf({ fields }: RecordedRequest): string {
  const messages = [fieldOf(fields, 'messages')].flat()
  const last = messages.findLast((message) => fieldOf(message, 'role') === 'user')
  return String(fieldOf(last, 'content') ?? '')
}
