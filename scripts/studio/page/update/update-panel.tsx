import { useMemo } from 'preact/hooks'
import { type Way, wayOf } from '../../events/way.ts'
import { Calls } from './calls.tsx'
import { FaultSwitches } from './fault-switches.tsx'
import { Findings } from './findings.tsx'
import { Lines } from './lines.tsx'
import { Runs } from './runs.tsx'
import { Statements } from './statements.tsx'
import { Summary } from './summary.tsx'
import { useEvents } from './use-events.ts'
import { Waterfall } from './waterfall.tsx'

/** What the functions did with one update, and the faults that can be tried on the next. */
export function UpdatePanel({ updateId, onClose }: { updateId: number; onClose: () => void }) {
  const events = useEvents()
  const way = useMemo(() => wayOf(events, updateId), [events, updateId])
  return (
    <aside class="update-panel" aria-label="The way of the update">
      <header>
        <h2>{updateId === 0 ? 'No update yet' : `Update ${updateId}`}</h2>
        <button type="button" class="plain" onClick={onClose}>
          Close
        </button>
      </header>
      <FaultSwitches />
      {way ? <WayOfUpdate way={way} /> : <p class="quiet">Nothing is on record here.</p>}
    </aside>
  )
}

function WayOfUpdate({ way }: { way: Way }) {
  return (
    <>
      <Summary way={way} />
      <Findings way={way} />
      <Waterfall bars={way.bars} tookMs={way.tookMs} />
      <Runs runs={way.runs} />
      <Calls way={way} />
      <Statements statements={way.statements} />
      <Lines lines={way.lines} />
    </>
  )
}
