import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { retrying } from '../../../lib/adapters/openai/retry.ts'
import { AppError } from '../../../lib/app/error.ts'
import { rememberingLog } from '../../support/scripted-provider.ts'

function scene(options: { random?: () => number; deadlineMs?: number; signal?: AbortSignal } = {}) {
  const waits: number[] = []
  const log = rememberingLog()
  return {
    waits,
    log,
    options: {
      stage: 'reply' as const,
      deadlineMs: options.deadlineMs ?? 25_000,
      signal: options.signal ?? new AbortController().signal,
      log,
      sleep: async (ms: number) => {
        waits.push(ms)
      },
      random: options.random ?? (() => 0.5),
    },
  }
}

const failure = (retryAfterMs?: number) =>
  new AppError('provider-failed', 'reply: HTTP 500', { retryAfterMs })

/** Settles only when it is told to stop, as a call to a provider that hangs does. */
const hangingCall = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted by its signal')))
  })

describe('retrying', () => {
  test('a call that fails three times is answered by the fourth', async () => {
    const { options, waits, log } = scene()
    const answer = await retrying(options, async (_, attempt) => {
      if (attempt < 4) throw failure()
      return `attempt ${attempt}`
    })
    expect(answer).toBe('attempt 4')
    expect(waits).toEqual([500, 1_000, 2_000])
    expect(log.lines[1]).toEqual({
      event: 'provider_retry',
      fields: { stage: 'reply', attempt: 2, delay_ms: 1_000, code: 'provider-failed' },
    })
  })

  test('after four failed calls the last error is thrown', async () => {
    const { options, waits } = scene()
    let calls = 0
    const outcome = retrying(options, async () => {
      calls += 1
      throw new AppError('provider-failed', `failure ${calls}`)
    })
    await expect(outcome).rejects.toThrow('failure 4')
    expect(waits).toHaveLength(3)
  })

  test('waits are anywhere between nothing and 1, 2, 4 seconds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0, max: 0.999, noNaN: true }), async (x) => {
        const { options, waits } = scene({ random: () => x })
        await retrying(options, async () => Promise.reject(failure())).catch(() => undefined)
        expect(waits).toEqual([x * 1_000, x * 2_000, x * 4_000])
      }),
      { numRuns: 20 },
    )
  })

  test.each([
    'provider-quota-exhausted',
    'provider-refused',
    'provider-rejected',
    'lease-lost',
  ] as const)('%s is not tried again', async (code) => {
    const { options, waits } = scene()
    const outcome = retrying(options, async () => Promise.reject(new AppError(code, 'no')))
    await expect(outcome).rejects.toMatchObject({ code })
    expect(waits).toEqual([])
  })

  test('a fault of our own is not tried again', async () => {
    const { options, waits } = scene()
    const outcome = retrying(options, async () => Promise.reject(new TypeError('x is undefined')))
    await expect(outcome).rejects.toThrow('x is undefined')
    expect(waits).toEqual([])
  })

  test('a wait that the provider asked for is kept where it fits the deadline', async () => {
    const { options, waits } = scene()
    const answer = await retrying(options, async (_, attempt) => {
      if (attempt === 1) throw failure(7_000)
      return attempt
    })
    expect([answer, ...waits]).toEqual([2, 7_000])
  })

  test('a wait longer than what is left of the deadline ends the stage at once', async () => {
    const { options, waits } = scene()
    const outcome = retrying(options, async () => Promise.reject(failure(60_000)))
    await expect(outcome).rejects.toMatchObject({ code: 'provider-failed', retryAfterMs: 60_000 })
    expect(waits).toEqual([])
  })

  test('a call is aborted at its deadline, and its stage named', async () => {
    const { options } = scene({ deadlineMs: 5 })
    await expect(retrying(options, hangingCall)).rejects.toMatchObject({
      code: 'provider-timeout',
      message: 'reply: no answer within 5 ms, after 1 attempt',
    })
  })

  test('a lost lease is thrown unchanged, also during a wait', async () => {
    const lease = new AbortController()
    const { options } = scene({ signal: lease.signal })
    const leaseLost = new AppError('lease-lost', 'another run owns job 7')
    const sleep = async (_: number, signal?: AbortSignal) => {
      lease.abort(leaseLost)
      signal?.throwIfAborted()
    }
    const outcome = retrying({ ...options, sleep }, async () => Promise.reject(failure()))
    await expect(outcome).rejects.toBe(leaseLost)
  })

  test('a lost lease aborts the call under way', async () => {
    const lease = new AbortController()
    const { options } = scene({ signal: lease.signal })
    const leaseLost = new AppError('lease-lost', 'another run owns job 7')
    const outcome = retrying(options, hangingCall)
    lease.abort(leaseLost)
    await expect(outcome).rejects.toBe(leaseLost)
  })

  test('an answer that comes just as the lease is lost is not thrown away', async () => {
    const lease = new AbortController()
    const { options } = scene({ signal: lease.signal })
    const answer = await retrying(options, async () => {
      lease.abort(new AppError('lease-lost', 'too late'))
      return 'paid for'
    })
    expect(answer).toBe('paid for')
  })
})
