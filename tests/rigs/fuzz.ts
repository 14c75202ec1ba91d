import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { type Terminal, terminal } from '../../scripts/cli/command-line.ts'
import { type Fuzzed, fuzz, openSubject, sharesOf } from './fuzz/run.ts'
import type { FuzzTarget } from './fuzz/target.ts'
import { FUZZ_TARGETS } from './fuzz/targets.ts'

const HELP = `Hands hostile input to every place where input comes in, and looks whether its fact still holds.

  npm run fuzz -- [TARGET...] [--inputs 100000] [--seed N]

${FUZZ_TARGETS.map(({ name, fact }) => `  ${name.padEnd(16)} ${fact}`).join('\n')}

--inputs is how many there are for all targets together: each gets its share, few where one takes long.
The same --seed draws the same inputs; without one it is drawn, and printed. Telegram, the providers and
the database are stand-ins within this process.

Exit code: 0 every fact holds, 1 one was broken (the smallest such input is printed), 2 wrong usage.`

type Asked = { targets: readonly FuzzTarget[]; inputs: number; seed: number }

/** Runs the targets that the arguments name, all without one; returns the exit code. */
export async function runFuzz(
  args: string[],
  { write, complain }: Pick<Terminal, 'write' | 'complain'>,
  known: readonly FuzzTarget[] = FUZZ_TARGETS,
): Promise<0 | 1 | 2> {
  if (args.includes('--help') || args.includes('-h')) {
    write(HELP)
    return 0
  }
  let request: Asked
  try {
    request = parse(args, known)
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error))
    complain('See npm run fuzz -- --help.')
    return 2
  }
  const { targets, inputs, seed } = request
  write(`seed ${seed}`)
  const subject = openSubject()
  const shares = sharesOf(targets, inputs)
  const results: Fuzzed[] = []
  try {
    for (const [at, target] of targets.entries()) {
      const fuzzed = await fuzz(target, { inputs: shares[at] ?? 1, seed }, subject)
      write(lineOf(fuzzed))
      if (fuzzed.broken !== undefined)
        complain(`BROKEN ${target.name}: ${target.fact}\n${fuzzed.broken}`)
      results.push(fuzzed)
    }
  } finally {
    await subject.close()
  }
  write(lineOf(allOf(results)))
  return results.some(({ broken }) => broken !== undefined) ? 1 : 0
}

function parse(args: string[], targets: readonly FuzzTarget[]): Asked {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      inputs: { type: 'string', default: '100000' },
      seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    },
  })
  const inputs = Number(values.inputs)
  const seed = Number(values.seed)
  if (!/^\d+$/.test(values.inputs) || inputs < 1)
    throw new Error('--inputs must be a whole number from 1.')
  if (!/^\d+$/.test(values.seed) || seed >= 2 ** 31)
    throw new Error('--seed must be a whole number below 2147483648.')
  const named = positionals.map((name) => {
    const target = targets.find((candidate) => candidate.name === name)
    if (target === undefined) throw new Error(`There is no target "${name}".`)
    return target
  })
  return { targets: named.length > 0 ? named : targets, inputs, seed }
}

function lineOf({ name, inputs, durationMs, peakRssBytes, broken }: Fuzzed): string {
  const seconds = durationMs / 1000
  return [
    name.padEnd(16),
    `${inputs} inputs`.padStart(14),
    `${seconds.toFixed(1)} s`.padStart(9),
    `${Math.round(inputs / seconds)}/s`.padStart(9),
    `${Math.round(peakRssBytes / 1e6)} MB`.padStart(9),
    broken === undefined ? '' : '  BROKEN',
  ].join('')
}

function allOf(results: readonly Fuzzed[]): Fuzzed {
  const sum = (of: (fuzzed: Fuzzed) => number) =>
    results.reduce((total, result) => total + of(result), 0)
  return {
    name: 'all',
    inputs: sum(({ inputs }) => inputs),
    durationMs: sum(({ durationMs }) => durationMs),
    peakRssBytes: Math.max(...results.map(({ peakRssBytes }) => peakRssBytes)),
    broken: results.find(({ broken }) => broken !== undefined)?.broken,
  }
}

if (import.meta.main) {
  process.exitCode = await runFuzz(process.argv.slice(2), terminal)
}
