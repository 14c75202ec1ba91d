import { recover } from '../error.ts'
import type { Now } from '../ports.ts'

/** How many attempts to sign in are allowed within the window. */
export const MAX_ATTEMPTS = 5
export const ATTEMPT_WINDOW_SECONDS = 60

/** Counts the attempts to sign in, of all instances together, so that guessing a token takes too long. */
export type SignInAttempts = {
  /** Counts an attempt before its token is looked at, or refuses it; `retryAfterSeconds` is when one is allowed again. */
  begin(): Promise<Attempt>
  /** Forgets the attempts: the token was right. */
  clear(): Promise<void>
}

export type Attempt = { kind: 'allowed' } | { kind: 'refused'; retryAfterSeconds: number }

/** Counts in the store, or in this process while the database is away: an operator can then still sign in and see what is wrong. */
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
