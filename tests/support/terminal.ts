import { runScript, type Script } from '../../scripts/cli/command-line.ts'

export type Typed = { code: number; stdout: string[]; stderr: string[] }

/** Types a script's arguments in a terminal with this environment; its exit code and the lines it printed. */
export async function typeCommand(
  script: Script,
  args: string,
  env: NodeJS.ProcessEnv = {},
): Promise<Typed> {
  const stdout: string[] = []
  const stderr: string[] = []
  const code = await runScript(
    script,
    args.split(' ').filter((word) => word !== ''),
    {
      env,
      write: (text) => void stdout.push(...text.split('\n')),
      complain: (text) => void stderr.push(...text.split('\n')),
    },
  )
  return { code, stdout, stderr }
}
