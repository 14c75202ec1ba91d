import { parseArgs } from 'node:util'
import { type Terminal, terminal } from '../../scripts/cli/command-line.ts'
import { KILL } from './crossings/kill.ts'
import { PAUSE } from './crossings/pause.ts'
import { MONEY } from './model/money.ts'
import { MODEL } from './model/part.ts'
import type { Part, PartOptions } from './part.ts'
import { POSTGRES } from './postgres/part.ts'
import { killChildren } from './processes.ts'

/** What can be done to the product. A part is a row here and a file in a folder beside this one. */
const PARTS: readonly Part[] = [KILL, PAUSE, POSTGRES, MODEL, MONEY]

function help(parts: readonly Part[]): string {
  return `Breaks the running product on purpose and looks whether its promise holds: no job lost, state
exactly once, paid once except for what was in flight, a message twice only where the outcome of its sending is unknown.

  node tests/rigs/chaos.ts [PART...] [--seed N] [--scale N] [--only WORD]

${parts.map(({ name, about }) => `  ${name.padEnd(10)} ${about}`).join('\n')}

Without a PART all of them run, one after another. --seed makes a run with chance in it repeatable,
--scale makes it longer, --only takes the scenarios with WORD in their name (as often as needed).
Needs a PostgreSQL at TEST_POSTGRES_URL (default postgres://postgres@localhost:5432/test), where it
makes databases of its own and drops them; Telegram and OpenAI are stand-ins.

Exit code: 0 the promise holds, 1 it was broken, 2 wrong usage.`
}

/** Runs the parts that the arguments name, all without one; returns the exit code. */
export async function chaos(
  args: string[],
  { write, complain }: Pick<Terminal, 'write' | 'complain'>,
  parts: readonly Part[] = PARTS,
): Promise<0 | 1 | 2> {
  if (args.includes('--help') || args.includes('-h')) {
    write(help(parts))
    return 0
  }
  let selection: { parts: Part[]; options: PartOptions }
  try {
    selection = parse(args, parts, write)
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error))
    complain('See node tests/rigs/chaos.ts --help.')
    return 2
  }
  const violations: string[] = []
  for (const part of selection.parts) {
    write(`== ${part.name}: ${part.about}`)
    const outcome = await part.run(selection.options)
    violations.push(...outcome.violations.map((violation) => `${part.name}: ${violation}`))
  }
  for (const violation of violations) complain(`BROKEN ${violation}`)
  write(violations.length === 0 ? 'The promise holds.' : `${violations.length} times broken.`)
  return violations.length === 0 ? 0 : 1
}

function parse(
  args: string[],
  parts: readonly Part[],
  write: PartOptions['write'],
): { parts: Part[]; options: PartOptions } {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      seed: { type: 'string', default: '1' },
      scale: { type: 'string', default: '1' },
      only: { type: 'string', multiple: true, default: [] },
    },
  })
  const seed = Number(values.seed)
  const scale = Number(values.scale)
  if (!/^\d+$/.test(values.seed)) throw new Error('--seed must be a whole number.')
  if (!(scale > 0)) throw new Error('--scale must be a number above 0.')
  const namedParts = positionals.map((name) => {
    const part = parts.find((candidate) => candidate.name === name)
    if (part === undefined) throw new Error(`There is no part "${name}".`)
    return part
  })
  return {
    parts: namedParts.length > 0 ? namedParts : [...parts],
    options: { seed, scale, only: values.only, write },
  }
}

if (import.meta.main) {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      // Processes stopped by SIGSTOP would outlive this one.
      killChildren()
      process.exit(1)
    })
  }
  // The result is printed: a connection that was left open on purpose must not keep this process alive.
  process.exit(await chaos(process.argv.slice(2), terminal))
}
