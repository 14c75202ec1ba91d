/** What a check has found of one thing that lessons need; `fix` is a command, or the exact place to go to. */
export type Finding =
  | { status: 'ok'; found: string }
  | { status: 'warn' | 'FAIL'; found: string; fix: string }

export function ok(observation: string): Finding {
  return { status: 'ok', found: observation }
}

export function warn(observation: string, fix: string): Finding {
  return { status: 'warn', found: observation, fix }
}

export function fail(observation: string, fix: string): Finding {
  return { status: 'FAIL', found: observation, fix }
}
