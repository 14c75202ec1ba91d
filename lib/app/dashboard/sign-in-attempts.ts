import { recover } from '../error.ts'
import type { Now } from '../ports.ts'

/** How often a token may be tried. */
export const MAX_ATTEMPTS = 5
export const ATTEMPT_WINDOW_SECONDS = 60

/** Counts the tokens that are tried, of all instances together: a guess is to cost time. */
export type SignInAttempts = {
  /** Takes the place of an attempt before its token is looked at; `retryAfterSeconds` where none is free. */
  begin(): Promise<Attempt>
  /** Forgets the attempts: the token was right. */
  clear(): Promise<void>
}

export type Attempt = { kind: 'allowed' } | { kind: 'refused'; retryAfterSeconds: number }

/** The attempts in the store; while the database is away, those of this process: then signing in shows what is wrong. */
export function attemptsBeside(store: SignInAttempts, now: Now): SignInAttempts {
  const processAttempts = ownAttempts(now)
  return {
    begin: () => recover(store.begin(), ['database-unavailable'], () => processAttempts.begin()),
    async clear() {
      await processAttempts.clear()
      await recover(store.clear(), ['database-unavailable'], () => undefined)
    },
  }
}

function ownAttempts(now: Now): SignInAttempts {
  let times: number[] = []
  return {
    async begin() {
      const at = now().getTime()
      times = times.filter((time) => time > at - ATTEMPT_WINDOW_SECONDS * 1000)
      const [oldest = at] = times
      if (times.length >= MAX_ATTEMPTS) {
        return {
          kind: 'refused',
          retryAfterSeconds: ATTEMPT_WINDOW_SECONDS - (at - oldest) / 1000,
        }
      }
      times.push(at)
      return { kind: 'allowed' }
    },
    async clear() {
      times = []
    },
  }
}
