import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // Vitest leaves a core free, which on two cores is one file at a time; many files mostly wait.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Starting PGlite costs seconds on a loaded two-core machine; a hung test still ends.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
