import { z } from 'zod'
import { Count } from './token-count.ts'

const Text = z.string().nullish().catch(undefined)

const Choice = z.object({
  delta: z.object({ content: Text, refusal: Text }).nullish().catch(undefined),
  finish_reason: Text,
})

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
