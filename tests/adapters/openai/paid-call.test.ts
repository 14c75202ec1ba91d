import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { paidCall, paidRequest } from '../../../lib/adapters/openai/paid-call.ts'
import { providerError, withProviderErrors } from '../../../lib/adapters/openai/provider-error.ts'
import { AppError } from '../../../lib/app/error.ts'
import { paidWork, WAKING_RUN } from '../../support/paid-work.ts'
import { json, scriptedProvider } from '../../support/scripted-provider.ts'

const VENDOR = { stage: 'reply', host: 'api.openai.com', model: 'gpt-6-luna' } as const
const ESTIMATE = { inputTokens: 1_000 }
const CHAT = { model: 'test', messages: [{ role: 'user' as const, content: 'Ahoj' }] }

/** The one call, as it was charged; undefined where it was free. */
async function chargeOf(
  call: Parameters<typeof paidCall<unknown>>[3],
  {
    vendor = VENDOR,
    signal,
  }: {
    vendor?: typeof VENDOR | (Omit<typeof VENDOR, 'model'> & { model: string })
    signal?: AbortSignal
  } = {},
) {
  const work = paidWork(signal)
  const outcome = paidCall(work, vendor, ESTIMATE, call)
  await outcome.catch(() => {})
  expect(work.charges.length).toBeLessThanOrEqual(1)
  return work.charges[0]
}

const failingCall = (error: unknown) => async () => {
  throw error
}

test('a call costs what its vendor says', async () => {
  const charge = await chargeOf(async (meter) => {
    meter.used({ inputTokens: 10_000, outputTokens: 100 })
    meter.usedSoFar({ inputTokens: 1 })
  })
  expect(charge).toEqual({
    stage: 'reply',
    vendor: 'api.openai.com',
    model: 'gpt-6-luna',
    inputTokens: 10_000,
    outputTokens: 100,
    costMicroUsd: 1_050,
    isEstimate: false,
  })
})

test('a call whose process has lost its job meanwhile is not made, and costs nothing', async () => {
  const work = paidWork()
  let isMade = false
  const lost = new AppError('lease-lost', 'Another run has the job.')
  const outcome = paidCall(
    { ...work, run: { ...WAKING_RUN, confirm: () => Promise.reject(lost) } },
    VENDOR,
    ESTIMATE,
    async () => {
      isMade = true
    },
  )
  await expect(outcome).rejects.toMatchObject({ code: 'lease-lost' })
  expect([isMade, work.charges]).toEqual([false, []])
})

test.each([
  ['half a token', { inputTokens: 10.5 }, { inputTokens: 11 }],
  ['more tokens than there are', { outputTokens: 9e15 }, { outputTokens: 1_000_000_000 }],
  ['fewer than none', { inputTokens: -3 }, { inputTokens: 0 }],
  ['no number', { cachedTokens: Number.NaN }, { cachedTokens: 0 }],
  ['a fraction of a second', { audioInSeconds: 2.5 }, { audioInSeconds: 2.5 }],
])(
  'a call whose vendor reports %s is charged what the ledger can take',
  async (_, reportedAmounts, chargedAmounts) => {
    const charge = await chargeOf(async (meter) => meter.used(reportedAmounts))
    expect(charge).toMatchObject({ ...chargedAmounts, isEstimate: false })
    expect(Number.isSafeInteger(charge?.costMicroUsd)).toBe(true)
  },
)

test('a call whose vendor says nothing costs its estimate', async () => {
  expect(await chargeOf(async () => 'answer')).toMatchObject({
    costMicroUsd: 100,
    isEstimate: true,
  })
})

test('a call that breaks off costs what has come of it', async () => {
  const charge = await chargeOf(async (meter) => {
    meter.usedSoFar({ ...ESTIMATE, outputTokens: 50 })
    meter.usedSoFar({ ...ESTIMATE, outputTokens: 60 })
    throw new Error('the stream ended')
  })
  expect(charge).toMatchObject({ outputTokens: 60, costMicroUsd: 130, isEstimate: true })
})

test('a call that failed after its vendor had counted it costs that', async () => {
  const charge = await chargeOf(async (meter) => {
    meter.used({ inputTokens: 2_000 })
    throw new AppError('provider-refused', 'reply: the model refused to answer')
  })
  expect(charge).toMatchObject({ costMicroUsd: 200, isEstimate: false })
})

test('a call that was refused in the middle of its answer costs what has come', async () => {
  const charge = await chargeOf(async (meter) => {
    meter.usedSoFar({ ...ESTIMATE, outputTokens: 50 })
    throw providerError({ code: 429 }, 'reply')
  })
  expect(charge).toMatchObject({ outputTokens: 50, isEstimate: true })
})

const errorOfCode = (code: string) => Object.assign(new Error('fetch failed'), { code })

test.each<[string, unknown]>([
  ['400', providerError({ status: 400 }, 'reply')],
  ['401', providerError({ status: 401 }, 'reply')],
  ['429', providerError({ status: 429 }, 'reply')],
  ['429 without credit', providerError({ status: 429, code: 'insufficient_quota' }, 'reply')],
  ['500', providerError({ status: 500 }, 'reply')],
  ['a socket’s rate limit', providerError({ code: 'rate_limit_exceeded' }, 'speak')],
  ['a socket’s refusal', providerError({ type: 'invalid_request_error' }, 'speak')],
])('%s before any answer costs nothing', async (_, error) => {
  expect(await chargeOf(failingCall(error))).toBe(undefined)
})

test.each<[string, unknown]>([
  ['a reset connection', providerError(errorOfCode('ECONNRESET'), 'reply')],
  ['a closed connection', providerError(errorOfCode('UND_ERR_SOCKET'), 'reply')],
  ['the deadline', new AppError('provider-timeout', 'reply: no answer within 25000 ms')],
  ['a lost lease', new AppError('lease-lost', 'Another run has taken job 7 over.')],
  ['an answer without what was asked for', new AppError('provider-failed', 'no text')],
])('%s after the call was sent costs its estimate', async (_, error) => {
  expect(await chargeOf(failingCall(error))).toMatchObject({ costMicroUsd: 100, isEstimate: true })
})

test('a call that was aborted before it was sent costs nothing', async () => {
  const charge = await chargeOf(async () => expect.fail('it was sent'), {
    signal: AbortSignal.abort(),
  })
  expect(charge).toBe(undefined)
})

test('a call that is aborted by the refusal of another one costs its estimate', async () => {
  const calls = new AbortController()
  const refusal = providerError({ status: 429 }, 'speak')
  const charge = await chargeOf(
    async () => {
      calls.abort(refusal)
      throw refusal
    },
    { signal: calls.signal },
  )
  expect(charge).toMatchObject({ costMicroUsd: 100, isEstimate: true })
})

test('a request that is aborted while it is prepared is not sent, and costs nothing', async () => {
  await using provider = await scriptedProvider(json({}))
  const lease = new AbortController()
  const work = paidWork(lease.signal)
  const outcome = paidRequest(provider.endpoint, work, VENDOR, ESTIMATE, (client) => {
    const request = client.chat.completions.create(CHAT, { signal: lease.signal })
    lease.abort()
    return request
  })
  await expect(outcome).rejects.toThrow('aborted')
  expect(work.charges).toEqual([])
  expect(provider.received).toEqual([])
})

/** No host has a name with so long a part. */
const NO_HOST = `${'a'.repeat(64)}.invalid`

test.each<[string, string, onConnection: (socket: Socket, call: AbortController) => void]>([
  ['is not known', `https://${NO_HOST}`, (socket) => socket.destroy()],
  ['refuses connections', 'https://127.0.0.1:2', (socket) => socket.destroy()],
  [
    'closes the connection before TLS is up',
    'https://127.0.0.1:PORT',
    (socket) => socket.destroy(),
  ],
  ['has no TLS', 'https://127.0.0.1:PORT', (socket) => socket.end('HTTP/1.1 400 Bad Request')],
  ['never has TLS up until the deadline', 'https://127.0.0.1:PORT', (_, call) => call.abort()],
])('a request whose server %s costs nothing', async (_, url, onConnection) => {
  const call = new AbortController()
  const server = createServer((socket) => {
    socket.on('error', () => {})
    onConnection(socket, call)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const work = paidWork(call.signal)
  const endpoint = { apiKey: 'test-key', baseUrl: url.replace('PORT', String(port)) }
  const outcome = paidRequest(endpoint, work, VENDOR, ESTIMATE, (client) =>
    withProviderErrors('reply', () =>
      client.chat.completions.create(CHAT, { signal: call.signal }),
    ),
  )
  await expect(outcome).rejects.toThrow(AppError)
  expect(work.charges).toEqual([])
  server.close()
})

test('a request that fails once it is sent costs its estimate', async () => {
  await using provider = await scriptedProvider((response) => response.destroy())
  const work = paidWork()
  const outcome = paidRequest(provider.endpoint, work, VENDOR, ESTIMATE, (client) =>
    client.chat.completions.create(CHAT),
  )
  await expect(outcome).rejects.toThrow()
  expect(work.charges).toMatchObject([{ isEstimate: true }])
})

test('a call of a model without a known price is charged without one', async () => {
  const charge = await chargeOf(async (meter) => meter.used({ inputTokens: 5 }), {
    vendor: { ...VENDOR, model: 'my-deployment' },
  })
  expect(charge).toMatchObject({ inputTokens: 5, costMicroUsd: null, isEstimate: true })
})
