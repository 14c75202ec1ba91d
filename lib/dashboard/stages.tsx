import type { PeriodFigures } from '../app/dashboard/dashboard.ts'
import { Card, sharesOf, Table } from './card.tsx'
import { count, seconds, words } from './format.ts'

/** How long each stage of a lesson takes. */
export function StagesCard({ figures: { stages } }: { figures: PeriodFigures }) {
  const shares = sharesOf(stages.map(({ p50 }) => p50 ?? 0))
  return (
    <Card title="Stages">
      <Table
        caption="How long stages take"
        head={['Stage', 'Runs', 'p50', 'p95']}
        rows={stages.map(({ stage, calls, p50, p95 }, at) => ({
          cells: [words(stage), count(calls), seconds(p50), seconds(p95)],
          share: shares[at] ?? 0,
        }))}
        emptyText="No stage has run in this period."
      />
    </Card>
  )
}

/** What providers and Telegram refused or failed at. */
export function ErrorsCard({ figures: { errors } }: { figures: PeriodFigures }) {
  const shares = sharesOf(errors.map((error) => error.count))
  return (
    <Card title="Errors">
      <Table
        caption="Failed calls by stage and code"
        head={['Code', 'Stage', 'Calls']}
        rows={errors.map(({ stage, code, count: calls }, at) => ({
          cells: [code, words(stage), count(calls)],
          share: shares[at] ?? 0,
        }))}
        emptyText="No call has failed in this period."
      />
    </Card>
  )
}
