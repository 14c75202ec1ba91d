import { describe, expect, test } from 'vitest'
import { proveMoney } from '../rigs/model/money.ts'
import { proveModel } from '../rigs/model/part.ts'
import { describePostgres } from '../support/databases.ts'
import { IS_WHOLE_PROOF, proofWidth } from '../support/proof-width.ts'

/** The bounded part plays the shortest lists that have every command in them, which these seeds draw. */
function seedOf(boundedSeed: number): number {
  return Number(process.env.MODEL_SEED ?? (IS_WHOLE_PROOF ? 1 : boundedSeed))
}

/**
 * A failure names its seed and its path: given here, they repeat it. `node tests/rigs/chaos.ts model` draws
 * more lists, and others for another `--seed`.
 */
const OPTIONS = {
  ...(process.env.MODEL_PATH !== undefined && { path: process.env.MODEL_PATH }),
  commands: 40,
  // On a machine that is busy with other things there are fewer.
  endAfterMs: 120_000,
}

/** What the lists have by how they were drawn, and what comes of it by chance. */
const DRAWN = ['lessons', 'duplicates', 'faults', 'kills'] as const
const TIMED = ['retakes', 'lapses'] as const

describePostgres('Several instances under any list of commands', () => {
  test('several instances lose no message, answer and pay none twice, and count right', async () => {
    const { figures, failure } = await proveModel({
      ...OPTIONS,
      seed: seedOf(215),
      runs: proofWidth({ whole: 40, bounded: 3 }),
      isReal: true,
    })
    expect(failure).toBeUndefined()
    expect(figures).toMatchObject({ lostJobs: 0, doubledJobs: 0 })
    expect(DRAWN.filter((name) => figures[name] === 0)).toEqual([])
    // Whether a lesson is ready when it is to be said again, or a lease has run out, is chance: three lists may have none.
    if (IS_WHOLE_PROOF) expect(TIMED.filter((name) => figures[name] === 0)).toEqual([])
  }, 300_000)
})

describePostgres('Lessons under small budgets', () => {
  test('lessons are shortened, written and refused from the shares on that the design names, and no budget is exceeded', async () => {
    const { figures, failure } = await proveMoney({
      seed: seedOf(22),
      runs: proofWidth({ whole: 20, bounded: 2 }),
      endAfterMs: OPTIONS.endAfterMs,
    })
    expect(failure).toBeUndefined()
    expect(Object.entries(figures).filter(([, count]) => count === 0)).toEqual([])
  }, 300_000)
})

describe('One instance on PGlite under any list of commands', () => {
  test('one instance on PGlite loses, repeats and miscounts nothing', async () => {
    const { figures, failure } = await proveModel({
      ...OPTIONS,
      seed: seedOf(715),
      runs: proofWidth({ whole: 10, bounded: 1 }),
      isReal: false,
    })
    expect(failure).toBeUndefined()
    expect(figures).toMatchObject({ lostJobs: 0, doubledJobs: 0 })
    expect(figures.lessons).toBeGreaterThan(0)
  }, 300_000)
})
