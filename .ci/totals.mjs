import { existsSync, readFileSync } from 'node:fs'

/** Names the failed tests, and prints the totals of vitest's JSON reports; exit code 1 where a test failed, was skipped or could not be run. */
const totals = process.argv.slice(2).map(totalsOf)
const [passed, failed, skipped] = ['passed', 'failed', 'skipped'].map((name) =>
  totals.reduce((sum, report) => sum + report[name], 0),
)
for (const { failures } of totals)
  for (const name of failures) process.stdout.write(`FAILED: ${name}\n`)
if (skipped > 0) process.stdout.write(`FAILED: ${skipped} tests were skipped\n`)
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exitCode = totals.length === 0 || failed + skipped > 0 ? 1 : 0

function totalsOf(file) {
  // Without a report nothing was tested.
  if (!existsSync(file))
    return { passed: 0, failed: 1, skipped: 0, failures: [`${file} was not written`] }
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
    readFileSync(file, 'utf8'),
  )
  // A file that does not load has no tests that could fail.
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  ).length
  const failures = testResults.flatMap(({ name, status, message, assertionResults }) => [
    ...(status === 'failed' && assertionResults.length === 0 ? [`${name}: ${message}`] : []),
    ...assertionResults
      .filter((result) => result.status === 'failed')
      .map(
        ({ fullName, failureMessages }) =>
          `${fullName}: ${failureMessages.join(' ').slice(0, 500)}`,
      ),
  ])
  return {
    failures,
    passed: numPassedTests,
    failed: numFailedTests + broken,
    skipped: numPendingTests + numTodoTests,
  }
}
