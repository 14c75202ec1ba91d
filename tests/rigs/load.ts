import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { type Terminal, terminal } from '../../scripts/cli/command-line.ts'
import { BACKLOG } from './load/backlog.ts'
import { INSTANCES } from './load/instances.ts'
import { LESSONS } from './load/lessons.ts'
import { type LoadOptions, type LoadPart, sumOf, type Totals } from './load/part.ts'
import { killChildren } from './processes.ts'

/** What the product is loaded with. A part is a row here and a file in `load/`. */
const PARTS: readonly LoadPart[] = [LESSONS, INSTANCES, BACKLOG]

/** How fast OpenAI was when we last looked: the medians of what others and we have measured. */
const LATENCY = {
  transcribeMs: 660,
  firstTokenMs: 740,
  tokensPerSecond: 131,
  speechFirstByteMs: 300,
  speechRealtimeFactor: 5.6,
}

const HELP = `Gives the running product more to do than one learner does, and looks whether all of it is done: no
job lost, none twice, every chat's lessons in their order, whatever number of processes there is.

  npm run load -- [PART...] [--chats N] [--notes N] [--slots N] [--instances N] [--jobs N]
    [--lease SECONDS]

${PARTS.map(({ name, about }) => `  ${name.padEnd(10)} ${about}`).join('\n')}

Without a PART all of them run, one after another. --chats is how many learners send at once (default
200), --notes how many voice notes each of them sends in the part lessons (default 3), --slots how many
lessons a process gives at once (default: the product's own number), --instances how many processes of \`npm start\` there are (default: each part's own numbers),
--jobs how many jobs wait at most (default 50000), --lease how long a lease lasts (default 20, as the
product's).

Needs Linux and a PostgreSQL at TEST_POSTGRES_URL (default postgres://postgres@localhost:5432/test),
where it makes databases of its own and drops them; Telegram and OpenAI are stand-ins, as slow as
OpenAI is. They run in this process: what they took, and how late they were, is told beside the rest.

Exit code: 0 nothing was lost, doubled or out of order; 1 something was; 2 wrong usage. How long
anything took is told, and is no failure.`

/** Runs the parts that the arguments name, all without one; returns the exit code. */
export async function load(
  args: string[],
  { write, complain }: Pick<Terminal, 'write' | 'complain'>,
  parts: readonly LoadPart[] = PARTS,
): Promise<0 | 1 | 2> {
  if (args.includes('--help') || args.includes('-h')) {
    write(HELP)
    return 0
  }
  let selection: { parts: readonly LoadPart[]; options: LoadOptions }
  try {
    selection = parse(args, parts, write)
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error))
    complain('See npm run load -- --help.')
    return 2
  }
  write(`Node.js ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}`)
  const totals: Totals[] = []
  const violations: string[] = []
  for (const part of selection.parts) {
    write(`\n== ${part.name}: ${part.about}`)
    try {
      const outcome = await part.run(selection.options)
      totals.push(outcome.totals)
      violations.push(...outcome.violations.map((violation) => `${part.name}: ${violation}`))
    } catch (error) {
      violations.push(`${part.name}: ${(error instanceof Error && error.stack) || error}`)
    } finally {
      killChildren()
    }
  }
  for (const violation of violations) complain(`BROKEN ${violation}`)
  const { delivered: deliveredCount, lost: lostCount, doubled: doubledCount } = sumOf(totals)
  write(`\njobs delivered ${deliveredCount}, lost ${lostCount}, doubled ${doubledCount}`)
  return violations.length === 0 ? 0 : 1
}

function parse(
  args: string[],
  parts: readonly LoadPart[],
  write: LoadOptions['write'],
): { parts: readonly LoadPart[]; options: LoadOptions } {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      chats: { type: 'string', default: '200' },
      notes: { type: 'string', default: '3' },
      slots: { type: 'string' },
      instances: { type: 'string' },
      jobs: { type: 'string', default: '50000' },
      lease: { type: 'string', default: '20' },
    },
  })
  const namedParts = positionals.map((name) => {
    const part = parts.find((candidate) => candidate.name === name)
    if (part === undefined) throw new Error(`There is no part "${name}".`)
    return part
  })
  const { instances, slots } = values
  return {
    parts: namedParts.length > 0 ? namedParts : parts,
    options: {
      chats: countOf('--chats', values.chats),
      notes: countOf('--notes', values.notes),
      slots: slots === undefined ? undefined : countOf('--slots', slots),
      instances: instances === undefined ? undefined : countOf('--instances', instances),
      jobs: countOf('--jobs', values.jobs),
      leaseSeconds: countOf('--lease', values.lease),
      repeats: 400,
      latency: LATENCY,
      write,
    },
  }
}

function countOf(name: string, text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new Error(`${name} must be a whole number above 0.`)
  return Number(text)
}

if (import.meta.main) {
  process.exitCode = await load(process.argv.slice(2), terminal)
}
