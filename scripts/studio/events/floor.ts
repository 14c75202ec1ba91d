import type { ProviderEvent } from './event.ts'

type Calls = {
  providerCalls: readonly (ProviderEvent & { at: number })[]
  sendings: readonly { method: string; ms: number }[]
}

/** What a lesson waits for at Telegram: the download of a voice note, and the sending of the answer's. */
const WAITED_FOR = ['getFile', 'downloadFile', 'sendVoice']

/** How long a lesson's calls take one after the other; null where nothing was taught. */
export function serialMs({ providerCalls, sendings }: Calls): number | null {
  if (!providerCalls.some(({ stage }) => stage === 'reply')) return null
  return sum(providerCalls.map(({ tookMs }) => tookMs)) + sum(waits(sendings))
}

/**
 * How long they take as they can overlap: what comes before the reply, then the sentence whose speech ends last, counted
 * from when the reply was asked for, then the sending. Without speech the whole reply.
 */
export function floorMs({ providerCalls, sendings }: Calls): number | null {
  const reply = providerCalls.find(({ stage }) => stage === 'reply')
  if (!reply) return null
  // A sentence is asked for while the reply is written; what is late beyond its end is the product's own time.
  const ends = providerCalls
    .filter(({ stage, at }) => stage === 'speak' && at >= reply.at)
    .map(({ at, tookMs }) => Math.min(at - reply.at, reply.tookMs) + tookMs)
  const transcriptions = providerCalls.filter(({ stage }) => stage === 'transcribe')
  return (
    sum(transcriptions.map(({ tookMs }) => tookMs)) +
    (ends.length > 0 ? Math.max(...ends) : reply.tookMs) +
    sum(waits(sendings))
  )
}

function waits(sendings: Calls['sendings']): number[] {
  return sendings.filter(({ method }) => WAITED_FOR.includes(method)).map(({ ms }) => ms)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
