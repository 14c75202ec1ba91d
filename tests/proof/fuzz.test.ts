import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fuzz, openSubject, sharesOf } from '../rigs/fuzz/run.ts'
import type { Subject } from '../rigs/fuzz/target.ts'
import { FUZZ_TARGETS } from '../rigs/fuzz/targets.ts'
import { newPgliteFolder } from '../support/pglite-folder.ts'
import { proofWidth } from '../support/proof-width.ts'

/** The whole proof takes some 25 s. `npm run fuzz` has many more, and other ones each time. */
const INPUTS = proofWidth({ whole: 6_000, bounded: 1_000 })
const SEED = 1

let pgliteDir = ''
let subject: Subject & { close: () => Promise<void> }
beforeAll(async () => {
  pgliteDir = await newPgliteFolder()
  subject = openSubject({ pgliteDir })
})
afterAll(async () => {
  await subject.close()
  rmSync(pgliteDir, { recursive: true, force: true })
})

const shares = sharesOf(FUZZ_TARGETS, INPUTS)

describe('hostile input', () => {
  test.each(FUZZ_TARGETS.map((target, at) => ({ target, inputs: shares[at] ?? 1 })))(
    '$target.name: $target.fact',
    async ({ target, inputs }) => {
      const { broken } = await fuzz(target, { inputs, seed: SEED }, subject)
      expect(broken).toBeUndefined()
    },
    240_000,
  )
})
