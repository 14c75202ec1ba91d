import { z } from 'zod'

const MessageId = z.number().int()
const replyTo = MessageId.optional()

/** What a page may ask for: see `Act`. */
export const ActBody = z.object({
  learnerId: z.number().int(),
  act: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('text'), text: z.string().min(1).max(4096), replyTo }),
    z.object({ kind: z.literal('recording'), file: z.string(), replyTo }),
    z.object({ kind: z.literal('tap'), messageId: MessageId, data: z.string() }),
    z.object({ kind: z.literal('edit'), messageId: MessageId, text: z.string().min(1).max(4096) }),
    z.object({ kind: z.literal('delete'), messageId: MessageId }),
    z.object({ kind: z.literal('block'), isOn: z.boolean() }),
    z.object({ kind: z.literal('forbid-voice'), isOn: z.boolean() }),
  ]),
})

export const LearnerBody = z.object({
  name: z.string().trim().min(1).max(64),
  language: z.string().regex(/^[a-z]{2}$/),
})

export const ClockBody = z.object({ by: z.enum(['day', 'week', 'evening']) })
