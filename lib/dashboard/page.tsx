import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { Period } from '../app/dashboard/dashboard.ts'
import { Header } from './header.tsx'
import { OverviewSections } from './overview.tsx'
import { fetchOverview, type Overview, signOut, type Trouble } from './requests.ts'
import { SignIn } from './sign-in.tsx'
import { TroubleBanner } from './trouble.tsx'

const REFRESH_MS = 60_000
const PERIOD_NAMES: readonly Period[] = ['24h', '7d', '30d']

/** The whole page: the sign-in, or the dashboard of a period, which is kept in the address. */
export function Page() {
  const [period, setPeriod] = useState<Period>(periodOfAddress)
  const { isSignedOut, overview, trouble, load, endSession } = useOverview(period)

  if (isSignedOut === undefined) return <p class="loading">Loading …</p>
  if (isSignedOut) return <SignIn onSignedIn={() => void load()} />
  return (
    <>
      <Header period={period} overview={overview} onPeriod={setPeriod} onSignOut={endSession} />
      <main>
        {trouble && <TroubleBanner trouble={trouble} onRetry={() => void load()} />}
        {overview && (
          <OverviewSections overview={overview} isStale={trouble !== undefined} onChange={load} />
        )}
      </main>
    </>
  )
}

/** The overview of a period: loaded at once, and again each minute while the page is in view. */
function useOverview(period: Period) {
  const [isSignedOut, setSignedOut] = useState<boolean>()
  const [overview, setOverview] = useState<Overview>()
  const [trouble, setTrouble] = useState<Trouble>()
  const newestRequest = useRef(0)

  const load = useCallback(async () => {
    newestRequest.current += 1
    const request = newestRequest.current
    const outcome = await fetchOverview(period)
    // An older answer that comes late would show another period than the one that is chosen.
    if (request !== newestRequest.current) return
    setSignedOut(outcome.kind === 'signed-out')
    if (outcome.kind === 'value') setOverview(outcome.value)
    setTrouble(outcome.kind === 'trouble' ? outcome.trouble : undefined)
  }, [period])

  useEffect(() => {
    history.replaceState(null, '', `?period=${period}`)
    void load()
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void load()
    }, REFRESH_MS)
    return () => clearInterval(timer)
  }, [period, load])

  async function endSession(): Promise<void> {
    await signOut()
    setOverview(undefined)
    setSignedOut(true)
  }

  return { isSignedOut, overview, trouble, load, endSession }
}

function periodOfAddress(): Period {
  const wantedPeriod = new URLSearchParams(location.search).get('period')
  return PERIOD_NAMES.find((name) => name === wantedPeriod) ?? '24h'
}
