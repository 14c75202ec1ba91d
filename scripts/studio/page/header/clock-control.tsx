import { useEffect, useState } from 'preact/hooks'
import type { ClockMove } from '../../view.ts'
import { moveClock } from '../studio/ask.ts'
import { Disclosure } from '../ui/disclosure.tsx'

const MOVES: readonly [ClockMove, string][] = [
  ['evening', 'To 23:59 in Prague'],
  ['day', 'A day on'],
  ['week', 'A week on'],
]
const FACE = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
})

/** The studio's time, and how it is moved: for streaks, days and what comes after a while. */
export function ClockControl({ aheadMs }: { aheadMs: number }) {
  const [now, setNow] = useState(Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  const face = FACE.format(now + aheadMs)
  return (
    <Disclosure label={`${face}: move the time`} face={face} class="clock">
      {(close) => (
        <>
          <p>
            Telegram, the functions and their database keep this time. It never goes back, since the
            database has seen it.
          </p>
          {MOVES.map(([step, words]) => (
            <button
              type="button"
              key={step}
              onClick={() => {
                close()
                void moveClock(step)
              }}
            >
              {words}
            </button>
          ))}
        </>
      )}
    </Disclosure>
  )
}
