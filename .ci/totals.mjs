import { existsSync, readFileSync } from 'node:fs'

/** Prints vitest's totals from its JSON report; exit code 1 where a test failed, was skipped or could not be run. */
const [file = ''] = process.argv.slice(2)
// Without a report nothing was tested.
const NOTHING = {
  numPassedTests: 0,
  numFailedTests: 1,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [],
}
const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : NOTHING
const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = report
// A file that does not load has no tests that could fail.
const broken = testResults.filter(
  ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
).length
const skipped = numPendingTests + numTodoTests
const failed = numFailedTests + broken
if (skipped > 0) process.stdout.write(`FAILED: ${skipped} tests were skipped\n`)
process.stdout.write(`${numPassedTests} passed, ${failed} failed\n`)
process.exitCode = failed + skipped > 0 ? 1 : 0
