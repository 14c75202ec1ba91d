import { useEffect, useState } from 'preact/hooks'
import type { CheckRow, ModelRow } from '../app/dashboard/dashboard.ts'
import { Card } from './card.tsx'
import { count, words } from './format.ts'
import { fetchModels, type Trouble } from './requests.ts'

const STATES = { ok: 'good', warn: 'doubtful', FAIL: 'bad' } as const

/** What the doctor finds by asking the database alone. */
export function ChecksCard({ checks, version }: { checks: readonly CheckRow[]; version: string }) {
  return (
    <Card title="Checks" note={`version ${version}`}>
      <ul class="states">
        {checks.map(({ check, finding }) => (
          <li key={check}>
            <span class={`state ${STATES[finding.status]}`}>{finding.status}</span>
            <span>
              <strong>{check}</strong> {finding.found}
            </span>
          </li>
        ))}
      </ul>
      <p class="hint">
        <code>npm run doctor</code> asks Telegram and the providers, too.
      </p>
    </Card>
  )
}

/** Which models lessons are given by, and how long these will be there. */
export function ModelsCard() {
  const [models, setModels] = useState<readonly ModelRow[]>()
  const [trouble, setTrouble] = useState<Trouble>()
  useEffect(() => {
    void fetchModels().then((outcome) => {
      if (outcome.kind === 'value') setModels(outcome.value.models)
      else if (outcome.kind === 'trouble') setTrouble(outcome.trouble)
    })
  }, [])
  return (
    <Card title="Models">
      {trouble && (
        <p class="none">
          {trouble.title}: {trouble.fix}
        </p>
      )}
      {models === undefined && !trouble && <p class="none">Asking the providers …</p>}
      <ul class="states">
        {models?.map((row) => (
          <li key={row.stage}>
            <span class={`state ${stateOf(row)}`}>{words(row.stage)}</span>
            <span>
              <strong>{row.model}</strong> {endOf(row)}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  )
}

/** As the doctor warns. */
const WARNING_DAYS = 45

function stateOf({ daysLeft, trouble }: ModelRow): string {
  if (trouble !== null) return 'doubtful'
  if (daysLeft === null || daysLeft > WARNING_DAYS) return 'good'
  return daysLeft < 0 ? 'bad' : 'doubtful'
}

function endOf({ shutdownDate, daysLeft, successor, trouble }: ModelRow): string {
  if (trouble !== null) return trouble
  if (shutdownDate === null || daysLeft === null) return 'no end is announced'
  const next = successor === null ? '' : `; ${successor} takes over`
  return daysLeft < 0
    ? `was shut down on ${shutdownDate}${next}`
    : `${count(daysLeft)} days left, until ${shutdownDate}${next}`
}
