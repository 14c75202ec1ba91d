import type OpenAI from 'openai'
import type { Vendor } from '../../app/lesson/vendor-trait.ts'
import type { PaidWork } from '../../app/usage.ts'
import { type Amounts, costMicroUsd } from '../../domain/lesson/prices.ts'
import { type Endpoint, openaiClient, tellingClient } from './client.ts'
import { isReported } from './refusal.ts'

/** Counts what a call uses; the newest count stands, and the vendor's own before an estimate. */
export type Meter = {
  /** By the vendor's own numbers, or by what can be measured of its answer. */
  used(amounts: Amounts): void
  /** By what has come of an answer that is still coming. */
  usedSoFar(amounts: Amounts): void
}

/**
 * Makes one call that may have to be paid for, and charges it once, however it ends.
 *
 * Where nothing came of a call that was sent, it counts by its `estimate`: its provider may have worked on it. One that
 * was refused, or was not sent as far as `isSent` knows, costs nothing.
 */
export function paidCall<T>(
  work: PaidWork,
  vendor: Vendor,
  estimate: Amounts,
  call: (meter: Meter) => Promise<T>,
  isSent = () => true,
): Promise<T> {
  const chargedCall = chargeFor(work, vendor, estimate, call, isSent)
  return work.run === undefined ? chargedCall : work.run.whileUnderWay(chargedCall)
}

async function chargeFor<T>(
  { signal, charge, run }: PaidWork,
  vendor: Vendor,
  estimate: Amounts,
  call: (meter: Meter) => Promise<T>,
  isSent: () => boolean,
): Promise<T> {
  signal.throwIfAborted()
  // Right before it pays: a step may wait for other things first, and a process may be frozen meanwhile.
  await run?.confirm()
  let count: { amounts: Amounts; isEstimate: boolean } | undefined
  const meter: Meter = {
    used: (amounts) => {
      count = { amounts, isEstimate: false }
    },
    usedSoFar: (amounts) => {
      if (count?.isEstimate !== false) count = { amounts, isEstimate: true }
    },
  }
  function chargeCount(): void {
    const { isEstimate, amounts: countedAmounts } = count ?? { amounts: estimate, isEstimate: true }
    const amounts = possibleAmounts(countedAmounts)
    const { host, ...call } = vendor
    const cost = costMicroUsd(vendor.model, amounts)
    charge({
      ...call,
      ...amounts,
      vendor: host,
      costMicroUsd: cost,
      isEstimate: isEstimate || cost === null,
    })
  }

  try {
    const result = await call(meter)
    chargeCount()
    return result
  } catch (error) {
    // A call that fails is charged, too. Where another one's refusal has aborted it, that is no refusal of its own.
    const isRefused = !signal.aborted && isReported(error)
    if (count !== undefined || (isSent() && !isRefused)) chargeCount()
    throw error
  }
}

/** Far more of anything than one call can use, and few enough for the ledger's columns. */
const MOST = 1_000_000_000

/**
 * Amounts that the ledger can take, also where a vendor has reported impossible ones: a charge that is not stored would
 * have the whole lesson fail, and be paid for again. Seconds may be fractions, tokens and characters may not.
 */
function possibleAmounts(amounts: Amounts): Amounts {
  const entries = Object.entries(amounts).map(([name, amount]) => {
    const possible = Number.isFinite(amount) ? Math.min(MOST, Math.max(0, amount)) : 0
    return [name, name.endsWith('Seconds') ? possible : Math.round(possible)]
  })
  return Object.fromEntries(entries)
}

/** As `paidCall`, by the SDK's client, which knows whether its request was sent. */
export function paidRequest<T>(
  endpoint: Endpoint,
  work: PaidWork,
  vendor: Vendor,
  estimate: Amounts,
  request: (client: OpenAI, meter: Meter) => Promise<T>,
): Promise<T> {
  let isSent = false
  const onSend = () => {
    isSent = true
  }
  return openaiClient(endpoint).then((client) =>
    paidCall(
      work,
      vendor,
      estimate,
      (meter) => request(tellingClient(client, onSend), meter),
      () => isSent,
    ),
  )
}

/** Loads the client for an endpoint while its caller waits for something else. */
export async function loadClient(endpoint: Endpoint): Promise<void> {
  await openaiClient(endpoint)
}
