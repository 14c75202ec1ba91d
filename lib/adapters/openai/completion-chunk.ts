import { z } from 'zod'
import { Count } from './token-count.ts'

const Text = z.string().nullish().catch(undefined)

/** A part of a content that comes as a list; only its text counts, not what the model thinks meanwhile. */
const Part = z
  .union([
    z.string(),
    z
      .object({ type: z.literal(['text', 'output_text']), text: z.string() })
      .transform(({ text }) => text),
  ])
  .catch('')
const Content = z
  .union([z.string(), z.array(Part).transform((parts) => parts.join(''))])
  .nullish()
  .catch(undefined)
const Message = z.object({ content: Content, refusal: Text }).nullish().catch(undefined)

/** `message` is a whole completion's, which some servers send where a stream was asked for. */
const Choice = z.object({ delta: Message, message: Message, finish_reason: Text })

/** What one call has used; what is cached and cache-written is among the prompt's tokens. */
const CompletionUsage = z.object({
  prompt_tokens: Count,
  completion_tokens: Count,
  prompt_tokens_details: z
    .object({ cached_tokens: Count, cache_write_tokens: Count })
    .nullish()
    .catch(undefined),
})
export type CompletionUsage = z.infer<typeof CompletionUsage>

/**
 * The fields read from a streamed completion's chunk. Vendors omit, add and null fields at will: a chunk
 * without any of these reads as empty.
 */
export const CompletionChunk = z
  .object({
    choices: z.array(Choice).nullish().catch(undefined),
    usage: CompletionUsage.nullish().catch(undefined),
  })
  .catch({})
