import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { COMPILE_CACHE } from './tests/rigs/compile-cache.ts'

/** Files that start process after process, or wait out a day: only the whole proof plays them, for a newcomer would wait. */
const WHOLE_PROOF = [
  'tests/deploy/proxies.test.ts',
  'tests/proof/exhausted-quota.test.ts',
  'tests/proof/hostile-sizes.test.ts',
  'tests/proof/many-recordings.test.ts',
  'tests/proof/postgres-faults.test.ts',
  'tests/proof/postgres-outages.test.ts',
  'tests/rigs/short-bench.test.ts',
  'tests/scripts/dev.test.ts',
  'tests/scripts/kill.test.ts',
  'tests/scripts/studio/faults.test.ts',
  'tests/security/secrets-in-output.test.ts',
]
const isWhole = process.env.PROOF === 'whole'
const LEFT_OUT = isWhole ? [] : WHOLE_PROOF

/**
 * Folders whose tests undo what they change of their process; to load the product anew costs each file a second. Not those
 * that serve the functions themselves, whose dependencies are made once a process.
 */
const SHARING = [
  'tests/{adapters,app,bot,conversations,db,domain,http,rigs}/**/*.test.ts',
  'tests/scripts/{,!(doctor)/**/}*.test.ts',
  'tests/security/*.test.ts',
  // The whole of it measures memory, which other files have used.
  ...(isWhole ? [] : ['tests/proof/*.test.ts']),
]

// Workers inherit it: each loads the same packages.
process.env.NODE_COMPILE_CACHE ??= COMPILE_CACHE

const TESTS = ['tests/**/*.test.ts']

export default defineConfig({
  test: {
    // Vitest leaves a core free, which on two cores is one file at a time; many files mostly wait.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Starting PGlite costs seconds on a loaded two-core machine; a hung test still ends.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A list of violations is said whole: "expected [ Array(1) ]" tells nothing to who has only CI's output.
    chaiConfig: { truncateThreshold: 2000 },
    projects: [
      {
        extends: true,
        test: { name: 'alone', include: TESTS, exclude: [...SHARING, ...LEFT_OUT] },
      },
      {
        extends: true,
        test: { name: 'sharing', include: SHARING, exclude: LEFT_OUT, isolate: false },
      },
    ],
  },
})
