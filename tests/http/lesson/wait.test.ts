import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Waiter, waitForAnswer } from '../../../lib/http/lesson/wait.ts'
import { newApiJob } from '../../support/jobs.ts'
import { noWait, type Product, startProduct } from '../../support/product.ts'

let product: Product
beforeAll(async () => {
  product = await startProduct()
})
afterAll(() => product.close())

const STAYS: Waiter = { onPoll: () => {}, hasLeft: () => false }

/** A request whose lane waits for a slot; `patience` is how long it does. */
async function waitingRequest(waiter = STAYS) {
  const { inbox, journal, beside } = product.deps
  const job = newApiJob()
  await inbox.add(job)
  const slot = Promise.withResolvers<void>()
  const patience = new AbortController()
  const begunKeys: string[] = []
  const deps = {
    inbox,
    journal,
    beside,
    sleep: noWait,
    async drain(...args: Parameters<typeof product.deps.drain>) {
      const [lane, slots, lastJob] = args
      await slot.promise
      const onBegin = () => {
        begunKeys.push(lastJob?.key ?? '')
        lastJob?.onBegin?.()
        patience.abort()
      }
      await product.deps.drain(lane, slots, lastJob && { ...lastJob, onBegin })
    },
  }
  const answer = waitForAnswer(deps, job, waiter, patience.signal)
  return { job, slot, patience, begunKeys, answer }
}

test('a request whose turn does not come in time is 409, and its job keeps its place in the queue', async () => {
  const { job, slot, patience, begunKeys, answer } = await waitingRequest()
  patience.abort()
  expect(await answer).toMatchObject({ code: 'in_progress', details: { retryAfterSeconds: 5 } })
  slot.resolve()
  await product.deps.idle()
  expect(begunKeys).toEqual([job.key])
})

test('a request whose job has begun waits for its end, however long that takes', async () => {
  const { job, slot, begunKeys, answer } = await waitingRequest()
  slot.resolve()
  // The job has nothing that could be taught.
  expect(await answer).toMatchObject({ kind: 'problem', code: 'internal_error' })
  expect(begunKeys).toEqual([job.key])
})

test('a request whose client has left before its turn waits for it, to end what was left', async () => {
  const { job, slot, patience, begunKeys, answer } = await waitingRequest({
    ...STAYS,
    hasLeft: () => true,
  })
  patience.abort()
  slot.resolve()
  expect(await answer).toMatchObject({ code: 'internal_error' })
  expect(begunKeys).toEqual([job.key])
})
