import { redactor } from '../../lib/adapters/log.ts'
import { ConfigError, secretsOf } from '../../lib/config.ts'

/** How a command ends: exit code 0, 1 or 2. What the operator can cause is told in `because`. */
export type Ended =
  | { kind: 'done' }
  | { kind: 'failed'; because: string }
  | { kind: 'wrong-usage'; because: string }

/** What a command sees of the world it was typed in. */
export type Terminal = {
  env: NodeJS.ProcessEnv
  /** Writes a line to stdout. */
  write(line: string): void
  /** Writes a line to stderr. */
  complain(line: string): void
}

export type Script = {
  /** As it is typed: `npm run webhook --`. */
  name: string
  help: string
  /** Subcommands by name. They parse their own arguments with `parseArgs`, whose refusals are told. */
  commands: Readonly<Record<string, (args: string[], terminal: Terminal) => Promise<Ended>>>
}

/** The terminal of this process. */
export const terminal: Terminal = {
  env: process.env,
  write: (line) => void process.stdout.write(`${line}\n`),
  complain: (line) => void process.stderr.write(`${line}\n`),
}

/**
 * Runs the subcommand that the arguments name; the exit code: 0 done, 1 failed, 2 wrong usage.
 *
 * Only an error that nobody foresaw comes with a stack trace, and none comes with a secret.
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
  const [name = '', ...rest] = args
  const command = Object.entries(script.commands).find(([known]) => known === name)?.[1]
  const ended = command
    ? await command(rest, terminal).catch((error: unknown) => endedBy(error))
    : wrongUsage(name === '' ? 'A command is missing.' : `There is no command "${name}".`)
  if (ended.kind === 'done') return 0

  const redact = redactor(secretsOf(terminal.env))
  terminal.complain(redact(ended.because))
  if (ended.kind === 'failed') return 1
  terminal.complain(`See ${script.name} --help.`)
  return 2
}

export const DONE: Ended = { kind: 'done' }

export function failed(because: string): Ended {
  return { kind: 'failed', because }
}

export function wrongUsage(because: string): Ended {
  return { kind: 'wrong-usage', because }
}

function endedBy(error: unknown): Ended {
  if (error instanceof ConfigError) return failed(error.message)
  if (!(error instanceof Error)) return failed(`Unexpected: ${String(error)}`)
  const isParsers = 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  // Its first sentence; the next one is about arguments that begin with a dash.
  if (isParsers) return wrongUsage(`${error.message.split(/\. |\n/, 1).join()}.`)
  return failed(`Unexpected: ${error.stack ?? error.message}`)
}
