import type { Bar } from '../../events/way.ts'
import { milliseconds } from './format.ts'

const KINDS: Readonly<Record<Bar['kind'], string>> = {
  delivery: 'Webhook',
  step: 'Step of the job',
  provider: 'Provider',
  telegram: 'Telegram',
  statement: 'SQL',
  fault: 'Fault',
}

/** Each stretch of time as a bar, the earliest on top. Statements are many and short: they share one row. */
export function Waterfall({ bars, tookMs }: { bars: readonly Bar[]; tookMs: number }) {
  const statements = bars.filter(({ kind }) => kind === 'statement')
  const otherBars = bars.filter(({ kind }) => kind !== 'statement')
  return (
    <section aria-label="Waterfall">
      <h3>Waterfall</h3>
      <ul class="legend">
        {Object.entries(KINDS).map(([kind, name]) => (
          <li key={kind}>
            <span class={`swatch ${kind}`} /> {name}
          </li>
        ))}
      </ul>
      <ol class="waterfall">
        {otherBars.map((bar, index) => (
          <Row key={`${index} ${bar.label}`} label={bar.label} bars={[bar]} tookMs={tookMs} />
        ))}
        {statements.length > 0 && <Row label="SQL" bars={statements} tookMs={tookMs} />}
      </ol>
    </section>
  )
}

type RowProps = { label: string; bars: readonly Bar[]; tookMs: number }

function Row({ label, bars, tookMs }: RowProps) {
  const sum = bars.reduce((total, bar) => total + bar.tookMs, 0)
  const isFailed = bars.some((bar) => bar.isFailed)
  return (
    <li>
      <span class="label">{label}</span>
      <svg viewBox="0 0 100 4" preserveAspectRatio="none" role="presentation">
        {bars.map((bar) => (
          <rect
            key={`${bar.startMs} ${bar.label}`}
            class={`${bar.kind} ${bar.isFailed ? 'failed' : ''}`}
            x={(bar.startMs / tookMs) * 100}
            width={Math.max(0.4, (bar.tookMs / tookMs) * 100)}
            y="0"
            height="4"
          />
        ))}
      </svg>
      <span class="time">
        {milliseconds(sum)}
        {isFailed && ' ✕'}
      </span>
    </li>
  )
}
