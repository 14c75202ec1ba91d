import assert from 'node:assert/strict'
import fc from 'fast-check'
import { realtimeSpeaker } from '../../../lib/adapters/openai/speech/realtime.ts'
import { restSpeaker } from '../../../lib/adapters/openai/speech/rest.ts'
import { openaiTranscriber } from '../../../lib/adapters/openai/transcriber.ts'
import { openaiTutor } from '../../../lib/adapters/openai/tutor.ts'
import { telegramApi } from '../../../lib/adapters/telegram/api.ts'
import { NO_CACHE } from '../../../lib/app/cache.ts'
import type { ReplySoFar } from '../../../lib/app/lesson/tutor.ts'
import type { Usage } from '../../../lib/app/usage.ts'
import { storable } from '../../../lib/domain/storable.ts'
import { recording } from './good-audio.ts'
import { type FuzzedProvider, resultOf, TOOLS } from './provider.ts'
import {
  completion,
  contentType,
  SENTENCE,
  socketMessages,
  speech,
  status,
  telegramAnswer,
  transcription,
} from './provider-answers.ts'
import { type FuzzTarget, fuzzTarget } from './target.ts'

const openSignal = new AbortController().signal

/** What Telegram and the providers of speech and language answer. */
export const PROVIDER_TARGETS: readonly FuzzTarget[] = [
  fuzzTarget({
    name: 'transcription',
    fact: 'any answer of a transcriber is a transcript that can be stored, or an error of ours',
    weight: 8,
    arbitrary: fc.record({ body: transcription, status, contentType }),
    async holds({ body, status, contentType }, subject) {
      const provider = await subject.provider()
      answerWith(provider, status, contentType, body)
      const transcriber = openaiTranscriber({
        endpoint: endpointOf(provider),
        model: 'gpt-transcribe',
        ...TOOLS,
      })
      const bytes = recording('1-shop')
      const audio = { bytes, fileName: 'voice.ogg', mimeType: 'audio/ogg', durationSeconds: 5 }
      const transcript = await resultOf(transcriber.transcribe(audio, 'uk', WORK))
      if (transcript === undefined) return
      assert.equal(storable(transcript.text), transcript.text)
      for (const code of transcript.languages) assert.match(code, /^[a-z]{2}$/)
    },
  }),
  fuzzTarget({
    name: 'completion',
    fact: 'any stream of a model is an answer whose reply was given out once, or an error of ours',
    weight: 8,
    arbitrary: fc.record({ body: completion, status, contentType }),
    async holds({ body, status, contentType }, subject) {
      const provider = await subject.provider()
      answerWith(provider, status, contentType, body)
      const tutor = openaiTutor({ endpoint: endpointOf(provider), model: 'gpt-6-luna', ...TOOLS })
      const request = {
        system: { sharedPart: 's', ownPart: 'o' },
        history: [],
        said: 'Jdu.',
        nativeLanguage: 'ru',
        correctionsOnly: 'c',
        isFirstSteps: false,
        hasHint: false,
        cacheKey: 'k',
      }
      const replies: string[] = []
      const give = ({ text, isComplete, saidLanguage }: ReplySoFar) => {
        if (isComplete && saidLanguage === undefined) replies.push(text)
      }
      const tutorAnswer = await resultOf(tutor.answer(request, give, WORK))
      assert.ok(replies.length <= 1)
      if (tutorAnswer === undefined) return
      assert.deepEqual(replies, [tutorAnswer.reply])
    },
  }),
  fuzzTarget({
    name: 'realtime-speech',
    fact: 'any messages over the realtime socket are speech, or an error of ours',
    weight: 4,
    arbitrary: socketMessages,
    async holds(messages, subject) {
      const provider = await subject.provider()
      provider.behave({ messages })
      const speaker = realtimeSpeaker({
        ...speakerOptions(provider),
        model: 'gpt-realtime-2.1-mini',
      })
      const speech = await resultOf(speaker.speak([SENTENCE], VOICE, WORK))
      if (speech === undefined) return
      assert.ok(speech.durationSeconds > 0 && Number.isFinite(speech.durationSeconds))
    },
  }),
  fuzzTarget({
    name: 'speech',
    fact: 'any answer of a speech endpoint is speech, or an error of ours',
    weight: 2,
    arbitrary: fc.record({ body: speech, status, contentType }),
    async holds({ body, status, contentType }, subject) {
      const provider = await subject.provider()
      answerWith(provider, status, contentType, body)
      const speaker = restSpeaker({ ...speakerOptions(provider), model: 'gpt-4o-mini-tts' })
      const speech = await resultOf(speaker.speak([SENTENCE], VOICE, WORK))
      if (speech === undefined) return
      assert.ok(speech.durationSeconds > 0 && Number.isFinite(speech.durationSeconds))
    },
  }),
  fuzzTarget({
    name: 'telegram-answer',
    fact: 'any answer of Telegram is a message id, a file, or an error of ours',
    weight: 8,
    arbitrary: fc.record({ body: telegramAnswer, status, contentType }),
    async holds({ body, status, contentType }, subject) {
      const provider = await subject.provider()
      answerWith(provider, status, contentType, body)
      const telegram = telegramApi({ apiRoot: provider.url, token: '1:a' }, TOOLS)
      const id = await resultOf(telegram.sendMessage(1, 'Ahoj'))
      assert.ok(id === undefined || Number.isSafeInteger(id), `message id ${id}`)
      const file = await resultOf(telegram.download('x', 1_000, openSignal))
      if (file?.kind === 'downloaded') assert.ok(file.bytes.length <= 1_000)
      await resultOf(telegram.editMessage(1, 2, 'Ahoj'))
    },
  }),
]

const WORK = { signal: openSignal, charge: assertCounted, run: undefined }

const VOICE = { character: 'honzik', speedFactor: 1 } as const

function speakerOptions(provider: FuzzedProvider) {
  return {
    endpoint: endpointOf(provider),
    voices: { honzik: 'cedar', novakova: 'marin' },
    cache: NO_CACHE,
    ...TOOLS,
  }
}

function endpointOf({ url }: FuzzedProvider) {
  return { apiKey: 'no-key-is-needed', baseUrl: `${url}/v1` }
}

function answerWith(
  provider: FuzzedProvider,
  status: number,
  contentType: string,
  body: string | Uint8Array,
): void {
  provider.behave({
    answer: (response) => response.writeHead(status, { 'content-type': contentType }).end(body),
  })
}

/** Each call is counted, whatever comes of it. */
function assertCounted({
  stage: _stage,
  vendor: _vendor,
  model: _model,
  isEstimate: _,
  ...counts
}: Usage): void {
  for (const [name, count] of Object.entries(counts)) {
    assert.ok(Number.isFinite(count) && Number(count) >= 0, `${name} ${count}`)
  }
  assert.ok(Number.isSafeInteger(counts.costMicroUsd), `${counts.costMicroUsd}`)
}
