/** What a look at one thing that lessons hang on has found; `fix` is a command, or the exact place to go to. */
export type Finding =
  | { status: 'ok'; found: string }
  | { status: 'warn' | 'FAIL'; found: string; fix: string }

export function ok(found: string): Finding {
  return { status: 'ok', found }
}

export function warn(found: string, fix: string): Finding {
  return { status: 'warn', found, fix }
}

export function fail(found: string, fix: string): Finding {
  return { status: 'FAIL', found, fix }
}
