import type { z } from 'zod'

export type Environment = Readonly<Record<string, string | undefined>>

/** The environment asks for something we cannot do; `problems` has a sentence per variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`The configuration has ${problems.length} problem(s):\n- ${problems.join('\n- ')}`)
    this.problems = problems
  }
}

/**
 * Reads the environment by a schema of its variables; `problemsOf` finds the problems that no variable has on its own. Throws
 * ConfigError with all of them at once.
 */
export function readEnvironment<Schema extends z.ZodType>(
  env: Environment,
  schema: Schema,
  problemsOf: (variables: Environment) => string[] = () => [],
): z.output<Schema> {
  // An empty variable is one that is not set, and a line's end was pasted with the value: so .env
  // files and hosting dashboards mean it.
  const trimmedVariables = Object.entries(env).map(
    ([name, value]) => [name, value?.trim()] as const,
  )
  const variables = Object.fromEntries(trimmedVariables.filter(([, value]) => value !== ''))
  const result = schema.safeParse(variables)
  const issues = result.error?.issues ?? []
  const sentences = issues.map((issue) => `${issue.path.join('.')} ${issue.message}`)
  const problems = [...new Set([...sentences, ...problemsOf(variables)])]
  if (result.success && problems.length === 0) return result.data
  throw new ConfigError(problems)
}
