import { setImmediate } from 'node:timers/promises'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { type FuzzedProduct, openFuzzedProduct, type ProductOptions } from './product.ts'
import { type FuzzedProvider, openFuzzedProvider } from './provider.ts'
import type { FuzzTarget, Subject } from './target.ts'

/** What became of one target. */
export type Fuzzed = {
  name: string
  inputs: number
  durationMs: number
  peakRssBytes: number
  /** The smallest input found that breaks the fact, and how; undefined where none does. */
  broken: string | undefined
}

/** Longer than any stage's deadline: what takes this long is stuck. */
const STUCK_MS = 60_000
/** What is printed of a counterexample, in characters. */
const MAX_SHOWN = 6_000

/** How many inputs each target gets of so many: by weight, one at least. */
export function sharesOf(targets: readonly FuzzTarget[], inputs: number): number[] {
  const totalWeight = targets.reduce((sum, { weight }) => sum + weight, 0)
  return targets.map(({ weight }) => Math.max(1, Math.round((inputs * weight) / totalWeight)))
}

/** Tries so many inputs on a target. An unhandled error breaks its fact, too. */
export async function fuzz(
  target: FuzzTarget,
  { inputs, seed }: { inputs: number; seed: number },
  subject: Subject,
): Promise<Fuzzed> {
  const unhandledErrors: unknown[] = []
  const catchUnhandled = (error: unknown) => void unhandledErrors.push(error)
  let peakRssBytes = 0
  const property = target.property(subject, async () => {
    // What was rejected is reported when the event loop has turned.
    await setImmediate()
    peakRssBytes = Math.max(peakRssBytes, process.memoryUsage.rss())
    if (unhandledErrors.length > 0)
      throw new Error('unhandled', { cause: unhandledErrors.splice(0) })
  })
  process.on('unhandledRejection', catchUnhandled)
  process.on('uncaughtException', catchUnhandled)
  const startedAt = performance.now()
  try {
    const details = await fc.check(property, { numRuns: inputs, seed, timeout: STUCK_MS })
    return {
      name: target.name,
      inputs: details.numRuns,
      durationMs: performance.now() - startedAt,
      peakRssBytes,
      broken: details.failed ? reportOf(details) : undefined,
    }
  } finally {
    process.off('unhandledRejection', catchUnhandled)
    process.off('uncaughtException', catchUnhandled)
  }
}

function reportOf(details: fc.RunDetails<[unknown]>): string {
  const { errorInstance: error } = details
  const because = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const cause = error instanceof Error && error.cause !== undefined ? inspect(error.cause) : ''
  const report = [fc.defaultReportMessage(details), because, cause].join('\n')
  return report.length > MAX_SHOWN ? `${report.slice(0, MAX_SHOWN)} …` : report
}

/** What targets share: opened when the first asks for it. */
export function openSubject(
  options: ProductOptions = {},
): Subject & { close: () => Promise<void> } {
  let product: Promise<FuzzedProduct> | undefined
  let provider: Promise<FuzzedProvider> | undefined
  return {
    product() {
      product ??= openFuzzedProduct(options)
      return product
    },
    provider() {
      provider ??= openFuzzedProvider()
      return provider
    },
    async close() {
      const resources = await Promise.all([product, provider])
      await Promise.all(resources.map((resource) => resource?.close()))
    },
  }
}
