import { useState } from 'preact/hooks'
import type { JobDetail } from '../app/dashboard/dashboard.ts'
import { Table } from './card.tsx'
import { fetchJob, type Outcome } from './requests.ts'

/** The steps of a job's journal, asked for when they are unfolded. */
export function JobSteps({ id }: { id: number }) {
  const [outcome, setOutcome] = useState<Outcome<JobDetail>>()

  async function unfold(event: Event): Promise<void> {
    const isOpen = event.currentTarget instanceof HTMLDetailsElement && event.currentTarget.open
    if (isOpen) setOutcome(await fetchJob(id))
  }

  return (
    <details onToggle={unfold}>
      <summary>
        Journal<span class="hidden-visually"> of job {id}</span>
      </summary>
      {outcome === undefined ? <p class="none">Loading …</p> : <Steps id={id} outcome={outcome} />}
    </details>
  )
}

function Steps({ id, outcome }: { id: number; outcome: Outcome<JobDetail> }) {
  if (outcome.kind === 'signed-out') return <p class="none">{outcome.detail}</p>
  if (outcome.kind === 'trouble') {
    return (
      <p class="none">
        {outcome.trouble.title}: {outcome.trouble.fix}
      </p>
    )
  }
  const { steps, lastError } = outcome.value
  return (
    <>
      {lastError !== null && <p class="last-error">{lastError}</p>}
      <Table
        caption={`Journal of job ${id}`}
        head={['Step', 'State', 'Sent']}
        rows={steps.map(({ step, state, sends }) => ({
          cells: [step, state, sends === 0 ? '' : `${sends}×`],
        }))}
        emptyText="No step was stored: it failed before the first one ended."
      />
    </>
  )
}
