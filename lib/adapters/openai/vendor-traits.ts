import type { Vendor, VendorTraitStore } from '../../app/lesson/vendor-trait.ts'
import { memoise } from '../../app/memoise.ts'
import type { Log, Now } from '../../app/ports.ts'

/** What the vendors of this process refuse, as far as it is known. */
export type VendorTraits = {
  of(vendor: Vendor): Promise<ReadonlySet<string>>
  /** Learns `refusedTraits` for a day; returns those that are new. */
  learn(vendor: Vendor, refusedTraits: readonly string[]): Promise<string[]>
}

/** Servers are updated, models replaced: what was refused yesterday is tried again. */
const TRAIT_LIVES_MS = 24 * 60 * 60 * 1_000

/** OpenAI's own host takes what we ask: it costs no statement to know that. */
const OWN_HOST = 'api.openai.com'

/**
 * Keeps what vendors refuse in memory and, for other processes, in the store, which is read once, with the first need.
 *
 * A store that cannot be read or written costs a refused call more, and no lesson.
 */
export function vendorTraits(options: {
  store: VendorTraitStore
  now: Now
  log: Log
}): VendorTraits {
  const { store, now, log } = options
  const learnedAt = new Map<string, Map<string, number>>()
  const traitsOf = (vendor: Vendor) => {
    const key = JSON.stringify([vendor.stage, vendor.host, vendor.model])
    const traits = learnedAt.get(key) ?? new Map<string, number>()
    learnedAt.set(key, traits)
    return traits
  }
  const load = memoise(async () => {
    for (const { refused: trait, learnedAt: at, ...vendor } of await store.load())
      traitsOf(vendor).set(trait, at.getTime())
  })
  const isLive = (at: number) => now().getTime() - at < TRAIT_LIVES_MS

  return {
    async of(vendor) {
      if (vendor.host !== OWN_HOST)
        // The lesson goes on without: at worst it finds out what is known already.
        await load().catch((error: unknown) => log.warn('vendor_traits_unread', { error }))
      return new Set([...traitsOf(vendor)].flatMap(([trait, at]) => (isLive(at) ? [trait] : [])))
    },

    async learn(vendor, refusedTraits) {
      const traits = traitsOf(vendor)
      const news = refusedTraits.filter((trait) => !isLive(traits.get(trait) ?? -Infinity))
      for (const trait of news) traits.set(trait, now().getTime())
      if (news.length > 0 && vendor.host !== OWN_HOST)
        // The lesson goes on: other processes find it out by themselves.
        await store
          .keep(vendor, news)
          .catch((error: unknown) => log.warn('vendor_traits_unkept', { error }))
      return news
    },
  }
}

/** Traits of this process alone, as tests and tools without a database have them. */
export function volatileTraits(now: Now, log: Log): VendorTraits {
  return vendorTraits({ store: { load: async () => [], keep: async () => {} }, now, log })
}

/** The vendor that a stage's base URL leads to; its own text where that is no URL. */
export function vendorOf(
  stage: Vendor['stage'],
  { baseUrl }: { baseUrl: string },
  model: string,
): Vendor {
  return { stage, host: URL.parse(baseUrl)?.host ?? baseUrl, model }
}
