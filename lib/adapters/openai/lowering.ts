import { hasCode } from '../../app/error.ts'
import type { Vendor } from '../../app/lesson/vendor-trait.ts'
import type { Log } from '../../app/ports.ts'
import { loggableReason, type Refusal, refusalOf } from './refusal.ts'
import type { VendorTraits } from './vendor-traits.ts'

/** Something of a request that it can do without. */
export type Lowerable = {
  /** Its name among the vendor's traits: a field, or `field=value` where another value is tried next. */
  trait: string
  /** How servers call it in their sentences. */
  names: RegExp
  /** A sentence that blames it also where other parts are named. */
  surelyNames?: RegExp
  /** It stays where the server does not say what it refuses. */
  isKept?: true
}

/** Finds a field in a sentence as servers write it: `max_tokens`, `maxTokens`, `max tokens`. */
export function named(...fields: string[]): RegExp {
  const spellings = fields.map((field) => field.replaceAll('_', '[_ ]?'))
  return new RegExp(`\\b(${spellings.join('|')})\\b`, 'i')
}

export type LoweringOptions = { vendor: Vendor; traits: VendorTraits; log: Log }

/** Statuses by which a request is refused for what is in it, though the server may not say what. */
const REFUSES_REQUEST = new Set([400, 422])
/** Gateways and templates refuse with these, too: believed only where they name a part of the request. */
const MAY_REFUSE = new Set([404, 405, 406, 415, 500, 501])

/** How a refusal sounds: a server that has broken down names parts of a request, too. */
const REFUSING =
  /support|not (allowed|permitted|available|found)|unavailable|unrecogni[sz]ed|unknown|unexpected|forbidden|invalid|must |only |handle/i

/** What no leaving out mends: asking in another form would be asking the same. */
const OTHER_MATTERS =
  /audio|file|context|too (long|large|many|short)|\bmodel\b|\bvoice|api.?key|quota|credit|billing|safety|policy|filter/i

/**
 * Calls a vendor, and where it refuses a part of the request that is not needed, calls again without it, step by step.
 *
 * `lowerables` are what the request still has under `refusedTraits`, first what is missed least; where the server does
 * not say what it refuses, they are given up in that order. What the vendor took in the end is learned, and told in
 * one log line a part. A refused call costs nothing.
 */
export async function withLowering<T>(
  { vendor, traits, log }: LoweringOptions,
  lowerables: (refusedTraits: ReadonlySet<string>) => readonly Lowerable[],
  call: (refusedTraits: ReadonlySet<string>) => Promise<T>,
): Promise<T> {
  const refusedTraits = new Set(await traits.of(vendor))
  const reasons = new Map<string, string>()
  for (;;) {
    try {
      const result = await call(refusedTraits)
      const newTraits = await traits.learn(vendor, [...reasons.keys()])
      for (const trait of newTraits)
        log.warn('vendor_request_lowered', {
          ...vendor,
          refused: trait,
          reason: reasons.get(trait),
        })
      return result
    } catch (error) {
      // The plan goes on with what the server takes.
      const refusal = refusalOf(error)
      if (refusal === undefined) throw error
      const parts = refusedParts(refusal, lowerables(refusedTraits), vendor)
      if (parts.length === 0) {
        // A refused key, or one without credit, is told by the error's own code.
        if (hasCode(error, 'provider-rejected') || refusal.status === 404)
          logRefusal(log, vendor, refusal)
        throw error
      }
      for (const { trait } of parts) {
        refusedTraits.add(trait)
        reasons.set(trait, loggableReason(refusal.words))
      }
    }
  }
}

function logRefusal(log: Log, vendor: Vendor, { status, words, fields }: Refusal): void {
  log.warn('vendor_refused', {
    ...vendor,
    status,
    fields: loggableReason(fields.join(' ')),
    reason: loggableReason(words),
  })
}

/** The parts to do without next; none where the refusal is about something else. */
function refusedParts(
  { status, words, fields }: Refusal,
  lowerables: readonly Lowerable[],
  { host }: Vendor,
): readonly Lowerable[] {
  const isRefused = REFUSES_REQUEST.has(status) || (MAY_REFUSE.has(status) && REFUSING.test(words))
  if (!isRefused) return []
  const namedParts = lowerables.filter(({ trait }) => fields.includes(trait.split('=', 1).join()))
  // Of several values of one field only the one that was sent is among the lowerables.
  if (namedParts.length > 0) return namedParts
  const blamedPart = lowerables.find(({ surelyNames }) => surelyNames?.test(words))
  if (blamedPart !== undefined) return [blamedPart]
  const [first] = lowerables
    .map((part) => ({ part, at: words.search(part.names) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)
  if (first !== undefined) return [first.part]
  const isUnexplained =
    REFUSES_REQUEST.has(status) && fields.length === 0 && !OTHER_MATTERS.test(words)
  return isUnexplained && host !== 'api.openai.com'
    ? lowerables.filter(({ isKept }) => !isKept).slice(0, 1)
    : []
}
