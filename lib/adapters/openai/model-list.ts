import { request } from 'undici'
import { z } from 'zod'
import { parseJson } from '../../domain/json.ts'

/** What a server says of its models: none where it does not list them. */
export type ModelList = { statusCode: number; models: readonly ListedModel[] }

/** `shutdownDate` is a day or an instant, where it is announced. */
export type ListedModel = { id: string; shutdownDate?: string }

const Models = z.object({
  data: z.array(z.object({ id: z.string(), shutdown_date: z.string().nullish().catch(null) })),
})

/** A list with every model of OpenAI's has some 20 kB. */
const MAX_BYTES = 1024 * 1024

/** Asks a server which models it has. Throws where it does not answer. */
export async function listModels({
  baseUrl,
  apiKey,
}: {
  baseUrl: string
  apiKey: string
}): Promise<ModelList> {
  const { statusCode, body } = await request(`${baseUrl}/models`, {
    headers: { authorization: `Bearer ${apiKey}` },
    signal: AbortSignal.timeout(10_000),
  })
  const { data: list } = Models.safeParse(parseJson(await textOf(body)))
  const models = list?.data.map(({ id, shutdown_date: date }) =>
    date ? { id, shutdownDate: date } : { id },
  )
  return { statusCode, models: models ?? [] }
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    // Leaving the loop ends the connection.
    if (length > MAX_BYTES) throw new RangeError('The list of models does not end.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}
