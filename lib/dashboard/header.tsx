import type { Period } from '../app/dashboard/dashboard.ts'
import { clock } from './format.ts'
import type { Overview } from './requests.ts'

const PERIODS: readonly { period: Period; label: string }[] = [
  { period: '24h', label: '24 hours' },
  { period: '7d', label: '7 days' },
  { period: '30d', label: '30 days' },
]

/** The page's head: its name, the period, when it was updated, and the way out. */
export function Header(props: {
  period: Period
  overview: Overview | undefined
  onPeriod: (period: Period) => void
  onSignOut: () => void
}) {
  const { overview } = props
  return (
    <header class="page-head">
      <div class="name">
        <img src="/dashboard/icon.svg" alt="" width="28" height="28" />
        <h1>
          Mluv.Me<span class="hidden-visually"> dashboard</span>
        </h1>
        {overview && <span class="tag">{overview.environment}</span>}
      </div>
      <fieldset class="periods">
        <legend class="hidden-visually">Period</legend>
        {PERIODS.map(({ period, label }) => (
          <label key={period}>
            <input
              type="radio"
              name="period"
              checked={props.period === period}
              onChange={() => props.onPeriod(period)}
            />
            <span>{label}</span>
          </label>
        ))}
      </fieldset>
      <p class="updated" role="status">
        {overview && `Updated ${clock(new Date(overview.at))}`}
      </p>
      <button type="button" class="quiet" onClick={props.onSignOut}>
        Sign out
      </button>
    </header>
  )
}
