import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // Starting PGlite costs seconds on a loaded two-core machine; a hung test still ends.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
