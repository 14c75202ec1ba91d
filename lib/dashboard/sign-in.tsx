import { useEffect, useRef, useState } from 'preact/hooks'
import { signIn } from './requests.ts'

/** The form for the admin token. */
export function SignIn({ onSignedIn }: { onSignedIn: () => void }) {
  const [trouble, setTrouble] = useState('')
  const [isBusy, setBusy] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])

  async function submit(event: Event): Promise<void> {
    event.preventDefault()
    setBusy(true)
    const outcome = await signIn(field.current?.value ?? '')
    setBusy(false)
    if (outcome.kind === 'value') return onSignedIn()
    setTrouble(outcome.kind === 'signed-out' ? outcome.detail : outcome.trouble.fix)
    field.current?.select()
  }

  return (
    <main class="sign-in">
      <form class="card" onSubmit={submit}>
        <img src="/dashboard/icon.svg" alt="" width="40" height="40" />
        <h1>Mluv.Me dashboard</h1>
        <label for="token">Admin token</label>
        <input
          id="token"
          ref={field}
          type="password"
          autocomplete="current-password"
          required
          aria-describedby="token-hint token-trouble"
          aria-invalid={trouble !== ''}
        />
        <p id="token-hint" class="hint">
          The value of <code>ADMIN_TOKEN</code>. You stay signed in for 12 hours.
        </p>
        <p id="token-trouble" class="form-trouble" role="alert">
          {trouble}
        </p>
        <button type="submit" class="primary" disabled={isBusy}>
          Sign in
        </button>
      </form>
    </main>
  )
}
