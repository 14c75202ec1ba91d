import { describe, expect, test } from 'vitest'
import { proveModel } from '../rigs/model/part.ts'
import { describePostgres } from '../support/databases.ts'
import { proofWidth } from '../support/proof-width.ts'

/**
 * A failure names its seed and its path: given here, they repeat it. `node tests/rigs/chaos.ts model` draws
 * more lists, and others for another `--seed`.
 */
const OPTIONS = {
  seed: Number(process.env.MODEL_SEED ?? 1),
  ...(process.env.MODEL_PATH !== undefined && { path: process.env.MODEL_PATH }),
  commands: 40,
  // On a machine that is busy with other things there are fewer.
  endAfterMs: 120_000,
}

describePostgres('Several instances under any list of commands', () => {
  test('several instances lose no message, answer and pay none twice, and count right', async () => {
    const { figures, failure } = await proveModel({
      ...OPTIONS,
      runs: proofWidth({ whole: 40, bounded: 5 }),
      isReal: true,
    })
    expect(failure).toBeUndefined()
    expect(figures).toMatchObject({ lostJobs: 0, doubledJobs: 0 })
    for (const name of ['lessons', 'duplicates', 'faults', 'kills', 'lapses'] as const) {
      expect(figures[name]).toBeGreaterThan(0)
    }
  }, 300_000)
})

describe('One instance on PGlite under any list of commands', () => {
  test('one instance on PGlite loses, repeats and miscounts nothing', async () => {
    const { figures, failure } = await proveModel({
      ...OPTIONS,
      runs: proofWidth({ whole: 10, bounded: 2 }),
      isReal: false,
    })
    expect(failure).toBeUndefined()
    expect(figures).toMatchObject({ lostJobs: 0, doubledJobs: 0 })
    expect(figures.lessons).toBeGreaterThan(0)
  }, 300_000)
})
