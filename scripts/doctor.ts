import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { redactor } from '../lib/adapters/log.ts'
import { secretsOf } from '../lib/config/secrets.ts'
import {
  DONE,
  failed,
  main,
  type Outcome,
  type Script,
  type Terminal,
  wrongUsage,
} from './cli/command-line.ts'
import { CHECK_NAMES, type CheckName } from './doctor/check.ts'
import { CHECKS } from './doctor/checks.ts'
import { examine, type Report } from './doctor/examine.ts'
import { factsOf } from './doctor/facts.ts'

/** `npm run doctor`: says what is wrong with a set-up, and how to mend it. */
export const DOCTOR: Script = {
  name: 'npm run doctor --',
  help: `Looks at everything that lessons hang on, and says what is wrong and how to mend it.

  npm run doctor
  npm run doctor -- --only CHECK [--only CHECK ...]
  npm run doctor -- --json      an array of { check, status, found, fix }
  npm run doctor -- --paid      also speaks a sentence, for a fraction of a cent

Checks: ${CHECK_NAMES.join(', ')}.

It changes nothing, shows no secret, and takes five seconds at most a check, all side by side. On PGlite, run it
while npm start is not running: it holds the folder.

Exit code: 0 nothing fails, 1 something does, 2 wrong usage.`,
  run: doctor,
}

async function doctor(args: string[], terminal: Terminal): Promise<Outcome> {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
      paid: { type: 'boolean', default: false },
    },
  })
  const unknownNames = values.only.filter((name) => !CHECK_NAMES.some((check) => check === name))
  if (unknownNames.length > 0) {
    return wrongUsage(
      `There is no check "${unknownNames.join('", "')}": ${CHECK_NAMES.join(', ')}.`,
    )
  }
  const isWanted = (name: CheckName) => values.only.length === 0 || values.only.includes(name)
  const checks = Object.fromEntries(
    CHECK_NAMES.filter(isWanted).map((name) => [name, CHECKS[name]]),
  )
  const facts = factsOf(terminal.env, {
    now: () => new Date(),
    sleep,
    nodeVersion: process.versions.node,
    isPaid: values.paid,
  })
  const report = await examine(checks, facts, sleep)
  const print = values.json ? jsonOf : linesOf
  const redact = redactor(secretsOf(terminal.env))
  terminal.write(redact(print(report)))
  await facts.close()
  const failures = report.filter(({ finding }) => finding.status === 'FAIL')
  if (failures.length === 0) return DONE
  return failed(`Failing: ${failures.map(({ check }) => check).join(', ')}.`)
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return delay(ms, undefined, signal && { signal })
}

function jsonOf(report: Report): string {
  const rows = report.map(({ check, finding }) => {
    const { status, found: description } = finding
    return { check, status, found: description, fix: finding.status === 'ok' ? null : finding.fix }
  })
  return JSON.stringify(rows, null, 2)
}

function linesOf(report: Report): string {
  const width = Math.max(...report.map(({ check }) => check.length))
  return report
    .flatMap(({ check, finding }) => [
      `${finding.status.padEnd(4)}  ${check.padEnd(width)}  ${oneLine(finding.found)}`,
      ...(finding.status === 'ok' ? [] : [`      ${' '.repeat(width)}  fix: ${finding.fix}`]),
    ])
    .join('\n')
}

/** What servers say may have several lines. */
function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ')
}

if (import.meta.main) await main(DOCTOR)
