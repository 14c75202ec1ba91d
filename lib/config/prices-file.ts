import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** What a model costs, in the units of domain/lesson/prices.ts. */
type Price = {
  input?: number
  cachedInput?: number
  cacheWrite?: number
  output?: number
  audioOutput?: number
  character?: number
  audioSecond?: number
}

/** Prices by the lower-case name of a model. */
export type OwnPrices = Readonly<Record<string, Price>>

const amount = z.number().min(0).optional()
const PricesFile = z.record(
  z.string().min(1),
  z.strictObject({
    input: amount,
    cachedInput: amount,
    cacheWrite: amount,
    output: amount,
    audioOutput: amount,
    character: amount,
    audioSecond: amount,
  }),
)

/**
 * Reads a file of prices: JSON, by model what domain/lesson/prices.ts has of one. Says what is wrong with it, to follow
 * the name of its variable, where it cannot be used.
 */
export function readPricesFile(path: string): { prices: OwnPrices } | { problem: string } {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    // A file that cannot be read, for any reason, gives no prices: the problem says so.
    return { problem: 'must name a file that can be read here' }
  }
  try {
    // Some editors put a mark before the first character, which is no JSON.
    const { data, error } = PricesFile.safeParse(JSON.parse(text.replace(/^\uFEFF/, '')))
    if (data !== undefined) return { prices: pricesIn(data) }
    const [issue] = error.issues
    return {
      problem: `has ${issue?.path.join('.') || 'something'} that is no price: ${issue?.message}`,
    }
  } catch {
    // The parser's message quotes the file.
    return { problem: 'names a file that is no JSON' }
  }
}

function pricesIn(models: z.output<typeof PricesFile>): OwnPrices {
  return Object.fromEntries(
    Object.entries(models).map(([model, price]) => [
      model.toLowerCase(),
      Object.fromEntries(Object.entries(price).filter(([, value]) => value !== undefined)),
    ]),
  )
}
