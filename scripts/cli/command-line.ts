import { redactor } from '../../lib/adapters/log.ts'
import { ConfigError } from '../../lib/config/environment.ts'
import { secretsOf } from '../../lib/config/secrets.ts'

/** How a command ends: exit code 0, 1 or 2. `because` is a sentence for the operator. */
export type Outcome =
  | { kind: 'done' }
  | { kind: 'failed'; because: string }
  | { kind: 'wrong-usage'; because: string }

/** The environment and the outputs of a command. */
export type Terminal = {
  env: NodeJS.ProcessEnv
  /** Writes a line to stdout. */
  write(line: string): void
  /** Writes a line to stderr. */
  complain(line: string): void
  /** Writes over the last line on stderr, which has no end yet; not where stderr is a file. */
  redraw?(line: string): void
  /** Asks the person who sits there; not where input or stderr is a file. */
  ask?(question: string): Promise<string>
}

export type Script = {
  /** As it is typed: `npm run webhook --`. */
  name: string
  help: string
} & ({ run: Command } | { /** Subcommands by name. */ commands: Readonly<Record<string, Command>> })

/** Parses its arguments with Node's `parseArgs`, whose refusals are wrong usage. */
export type Command = (args: string[], terminal: Terminal) => Promise<Outcome>

/** The terminal of this process. */
export const terminal: Terminal = {
  env: process.env,
  write: (line) => void process.stdout.write(`${line}\n`),
  complain: (line) => void process.stderr.write(`${line}\n`),
  ...(process.stderr.isTTY ? { redraw } : {}),
  ...(process.stderr.isTTY && process.stdin.isTTY ? { ask } : {}),
}

function redraw(line: string): void {
  const eraseLine = '\r\u001b[K'
  process.stderr.write(eraseLine + line)
}

async function ask(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises')
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return await lines.question(question)
  } finally {
    lines.close()
  }
}

/** Runs a script with the arguments of this process, and sets its exit code. */
export async function main(script: Script): Promise<void> {
  outliveReaders()
  process.exitCode = await runScript(script, process.argv.slice(2), terminal)
}

/** Lets this process go on when what reads its output has ended, as in `| head`: the rest has no reader. */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  }
}

/**
 * Runs a script, or the subcommand of it that the arguments name; the exit code: 0 done, 1 failed, 2 wrong usage.
 *
 * Only an unforeseen error is shown with its stack trace, and every message without its secrets.
 */
export async function runScript(
  script: Script,
  args: string[],
  terminal: Terminal,
): Promise<0 | 1 | 2> {
  if (args.includes('--help') || args.includes('-h')) {
    terminal.write(script.help)
    return 0
  }
  // The edge: a script's error becomes its exit code and a message.
  const outcome = await commandOf(script)(args, terminal).catch(outcomeOfError)
  if (outcome.kind === 'done') return 0

  const redact = redactor(secretsOf(terminal.env))
  terminal.complain(redact(outcome.because))
  if (outcome.kind === 'failed') return 1
  terminal.complain(`See ${script.name} --help.`)
  return 2
}

function commandOf(script: Script): Command {
  if ('run' in script) return script.run
  return async ([name = '', ...otherArgs], terminal) => {
    if (name === '') return wrongUsage('A command is missing.')
    const command = Object.hasOwn(script.commands, name) ? script.commands[name] : undefined
    return command ? command(otherArgs, terminal) : wrongUsage(`There is no command "${name}".`)
  }
}

export const DONE: Outcome = { kind: 'done' }

export function failed(because: string): Outcome {
  return { kind: 'failed', because }
}

export function wrongUsage(because: string): Outcome {
  return { kind: 'wrong-usage', because }
}

function outcomeOfError(error: unknown): Outcome {
  if (error instanceof ConfigError) return failed(error.message)
  if (!(error instanceof Error)) return failed(`Unexpected: ${String(error)}`)
  const isParsers = 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  // Its first sentence; the next one is about arguments that begin with a dash.
  if (isParsers) return wrongUsage(`${error.message.split(/\. |\n/, 1).join()}.`)
  return failed(`Unexpected: ${error.stack ?? error.message}`)
}
