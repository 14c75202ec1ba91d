import { z } from 'zod'
import type { Audience } from '../../app/lesson/lesson.ts'
import type { SendEvent } from '../event-stream.ts'
import { correctionsOf, LessonAnswer } from './answer.ts'

/** What each event of a streamed lesson tells, as the OpenAPI document has it. */
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

/** A client that is told of its lesson by events. */
export function listeningClient(send: SendEvent): Audience {
  let told = ''
  return {
    async heard(transcript) {
      send('transcript', { transcript })
    },
    reply({ text }) {
      const restart = !text.startsWith(told)
      const delta = restart ? text : text.slice(told.length)
      told = text
      if (delta !== '') send('reply', { delta, restart })
    },
    sound: (ogg) => send('audio', { chunk: Buffer.from(ogg).toString('base64') }),
    async verdict(lesson) {
      send('corrections', correctionsOf(lesson))
    },
    // It comes with `done`.
    async voice() {},
  }
}

/** A client that hears of its lesson when it is over. */
export const patientClient: Audience = {
  heard: async () => {},
  reply() {},
  sound() {},
  verdict: async () => {},
  voice: async () => {},
}
