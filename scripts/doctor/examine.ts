import type { Sleep } from '../../lib/app/ports.ts'
import { CHECK_NAMES, type Check, type CheckName, type Finding, fail } from './check.ts'
import type { Facts } from './facts.ts'

export type Report = readonly { check: CheckName; finding: Finding }[]

/** Of each check on its own: all run side by side. */
export const DEADLINE_MS = 5_000

/** Makes these checks side by side, each under its own deadline, and reports them in their order. */
export async function examine(
  checks: Readonly<Partial<Record<CheckName, Check>>>,
  facts: Facts,
  sleep: Sleep,
): Promise<Report> {
  const names = CHECK_NAMES.filter((name) => checks[name] !== undefined)
  const findings = await Promise.all(
    names.map(async (name) => {
      const check = checks[name]
      return [name, check && (await findingOf(check, facts, sleep))] as const
    }),
  )
  const findingOfCheck = new Map(
    findings.flatMap(([name, finding]) => (finding ? [[name, finding]] : [])),
  )
  return [...findingOfCheck].map(([check, finding]) => ({
    check,
    finding: withExplanation(finding, findingOfCheck),
  }))
}

async function findingOf(check: Check, facts: Facts, sleep: Sleep): Promise<Finding> {
  const end = new AbortController()
  const deadline = sleep(DEADLINE_MS, end.signal).then(
    () => fail(`no answer within ${DEADLINE_MS / 1000} s`, SLOW, ...(check.needs ?? [])),
    // Rejects when the check was faster, and then its finding counts.
    () => fail('interrupted', 'npm run doctor'),
  )
  const finding = check.look(facts).catch((error: unknown) => unforeseenFinding(error))
  try {
    return await Promise.race([finding, deadline])
  } finally {
    end.abort()
  }
}

const SLOW = 'look whether it is up, and at the network from here to it; then run npm run doctor'

function unforeseenFinding(error: unknown): Finding {
  const message = error instanceof Error ? error.message : String(error)
  return fail(`the check itself failed: ${message}`, 'npm run doctor, and report it if it stays')
}

/** A finding that others explain, as a word about them: the operator is to mend one thing, and once. */
function withExplanation(
  finding: Finding,
  findingOfCheck: ReadonlyMap<CheckName, Finding>,
): Finding {
  if (finding.status === 'ok' || finding.explainedBy === undefined) return finding
  const causes = finding.explainedBy
  const areAllFound = causes.every((cause) => (findingOfCheck.get(cause)?.status ?? 'ok') !== 'ok')
  return areAllFound ? { status: 'ok', found: `not judged: see ${causes.join(', ')}` } : finding
}
