import { expect, test } from 'vitest'
import { proveModel } from '../../scripts/proof/model.ts'
import { describePostgres } from '../support/databases.ts'

/** `npm run chaos -- model` has many more runs, and other ones with another seed. */
const SEED = 1

test('whatever happens, in whatever order, nothing is lost and nothing doubled', async () => {
  const drawn = { seed: SEED, runs: 6, commands: 20 }
  const { failure, figures } = await proveModel({ ...drawn, isReal: false })
  expect(failure).toBeUndefined()
  expect(figures.deliveries).toBeGreaterThan(0)
}, 300_000)

describePostgres('Two processes on one database', () => {
  test('that are killed and cut off from it lose nothing and double nothing', async () => {
    const drawn = { seed: SEED, runs: 15, commands: 20 }
    const { failure, figures } = await proveModel({ ...drawn, isReal: true })
    expect(failure).toBeUndefined()
    expect(figures.kills).toBeGreaterThan(0)
    expect(figures.duplicates).toBeGreaterThan(0)
  }, 300_000)
})
