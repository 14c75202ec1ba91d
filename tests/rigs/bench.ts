import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { type Terminal, terminal } from '../../scripts/cli/command-line.ts'
import type { Latency } from '../../scripts/studio/openai/stand-in.ts'
import { ACK } from './bench/ack.ts'
import { CACHE } from './bench/cache.ts'
import { COLD } from './bench/cold.ts'
import { GROWTH } from './bench/growth.ts'
import { LESSON } from './bench/lesson.ts'
import { MEMORY } from './bench/memory.ts'
import { OVERHEAD } from './bench/overhead.ts'
import type { Figure, Part, PartOptions } from './bench/part.ts'
import { STATEMENTS } from './bench/statements.ts'
import { summaryOf, tableOf } from './bench/table.ts'
import { TAPS } from './bench/taps.ts'
import { loadAverages } from './load-averages.ts'
import { killChildren } from './processes.ts'

/** What is measured. A part is a row here and a file in `bench/`. */
const PARTS: readonly Part[] = [
  LESSON,
  OVERHEAD,
  ACK,
  COLD,
  STATEMENTS,
  GROWTH,
  MEMORY,
  TAPS,
  CACHE,
]

/** How fast OpenAI was when we last looked: the medians of what others and we have measured. */
const LATENCY: Latency = {
  transcribeMs: 660,
  firstTokenMs: 740,
  tokensPerSecond: 131,
  speechFirstByteMs: 300,
  speechRealtimeFactor: 5.6,
}

const HELP = `Measures how fast the product is, as \`npm start\` runs it, on a real PostgreSQL.

  npm run bench -- [PART...] [--runs N] [--verbose] [--rows N] [--output DIR] [--scale S]

${PARTS.map(({ name, about }) => `  ${name.padEnd(10)} ${about}`).join('\n')}

Without a PART all of them run, one after another. --runs is how often each thing is measured (every
part has a number of its own), --verbose prints the statements that were counted. --rows is how many
lessons the grown database has (default 5000000; a fiftieth as many learners, a hundredth as many
waiting updates). --output is a folder that .ci/vercel-build has filled, so that nothing is built.
--scale below 1 makes the provider so much faster and the crowds so much smaller: to try the command
out, not to measure.

Needs Linux and a PostgreSQL at TEST_POSTGRES_URL (default postgres://postgres@localhost:5432/test),
where it makes databases of its own and drops them; Telegram and OpenAI are stand-ins. The machine
should have nothing else to do.

Exit code: 0 measured, 1 could not, 2 wrong usage. A limit that is missed is told, and is no failure.`

/** Runs the parts that the arguments name, all without one; returns the exit code. */
export async function bench(
  args: string[],
  { write, complain }: Pick<Terminal, 'write' | 'complain'>,
  parts: readonly Part[] = PARTS,
): Promise<0 | 1 | 2> {
  if (args.includes('--help') || args.includes('-h')) {
    write(HELP)
    return 0
  }
  let selection: { parts: readonly Part[]; options: PartOptions }
  try {
    selection = parse(args, parts, write)
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error))
    complain('See npm run bench -- --help.')
    return 2
  }
  write(`Node.js ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}`)
  const allFigures: Figure[] = []
  for (const part of selection.parts) {
    write(`\n== ${part.name}: ${part.about}`)
    try {
      const { figures, notes } = await part.run(selection.options)
      for (const line of [...tableOf(figures), ...notes]) write(line)
      allFigures.push(...figures)
    } catch (error) {
      complain(
        `${part.name} could not be measured: ${(error instanceof Error && error.stack) || error}`,
      )
      return 1
    } finally {
      killChildren()
      write(`load average ${loadAverages()}`)
    }
  }
  write('\n== summary')
  for (const line of summaryOf(allFigures)) write(line)
  return 0
}

function parse(
  args: string[],
  parts: readonly Part[],
  write: PartOptions['write'],
): { parts: readonly Part[]; options: PartOptions } {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      runs: { type: 'string' },
      rows: { type: 'string', default: '5000000' },
      scale: { type: 'string', default: '1' },
      output: { type: 'string' },
      verbose: { type: 'boolean', default: false },
    },
  })
  const { verbose, output } = values
  const scale = Number(values.scale)
  if (!(scale > 0 && scale <= 1)) throw new Error('--scale must be a number above 0, 1 at most.')
  const runs = values.runs === undefined ? undefined : countOf('--runs', values.runs)
  const rows = countOf('--rows', values.rows)
  const namedParts = positionals.map((name) => {
    const part = parts.find((candidate) => candidate.name === name)
    if (part === undefined) throw new Error(`There is no part "${name}".`)
    return part
  })
  return {
    parts: namedParts.length > 0 ? namedParts : parts,
    options: { runs, rows, scale, latency: scaledLatency(LATENCY, scale), output, verbose, write },
  }
}

function countOf(name: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error(`${name} must be a whole number above 0.`)
  return Number(text)
}

function scaledLatency(latency: Latency, scale: number): Latency {
  return {
    transcribeMs: latency.transcribeMs * scale,
    firstTokenMs: latency.firstTokenMs * scale,
    tokensPerSecond: latency.tokensPerSecond / scale,
    speechFirstByteMs: latency.speechFirstByteMs * scale,
    speechRealtimeFactor: latency.speechRealtimeFactor / scale,
  }
}

if (import.meta.main) {
  process.exitCode = await bench(process.argv.slice(2), terminal)
}
