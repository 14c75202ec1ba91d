import { z } from 'zod'
import type { Audience } from '../../app/lesson/lesson.ts'
import type { SendEvent } from '../event-stream.ts'
import { correctionsOf, LessonAnswer } from './answer.ts'

/** The data of each event of a streamed lesson, as the OpenAPI document has it. */
export const LESSON_EVENTS = {
  transcript: z
    .object({ transcript: z.string() })
    .meta({ description: 'What was heard; for audio only.' }),
  reply: z
    .object({
      delta: z.string().meta({ description: 'What follows of the reply.' }),
      restart: z.boolean().meta({
        description: 'The reply begins anew with this: forget what came before.',
      }),
    })
    .meta({ description: 'The tutor’s reply as it is written.' }),
  audio: z
    .object({ chunk: z.string().meta({ description: 'Base64.' }) })
    .meta({ description: 'The next bytes of the one Ogg/Opus file that `done` has as a whole.' }),
  corrections: LessonAnswer.shape.corrections.meta({
    description: 'The lesson is recorded: what was right and wrong in it.',
  }),
  done: LessonAnswer.meta({
    description: 'The answer as it is without streaming. The last event.',
  }),
}

/** The audience that sends each part of a lesson as an event. */
export function listeningClient(send: SendEvent): Audience {
  let shownText = ''
  return {
    async transcript(transcript) {
      send('transcript', { transcript })
    },
    reply({ text }) {
      const restart = !text.startsWith(shownText)
      const delta = restart ? text : text.slice(shownText.length)
      shownText = text
      if (delta !== '') send('reply', { delta, restart })
    },
    speechChunk: (ogg) => send('audio', { chunk: Buffer.from(ogg).toString('base64') }),
    // The end says so, with the reply.
    answer: async () => {},
    async verdict(lesson) {
      send('corrections', correctionsOf(lesson))
    },
    // `done` has the whole speech.
    async speech() {},
  }
}

/** The audience of a client that waits for the whole answer. */
export const patientClient: Audience = {
  transcript: async () => {},
  reply() {},
  speechChunk() {},
  verdict: async () => {},
  answer: async () => {},
  speech: async () => {},
}
