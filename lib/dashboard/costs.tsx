import type { Period, PeriodFigures } from '../app/dashboard/dashboard.ts'
import { Card, sharesOf, Table } from './card.tsx'
import { Chart, type Series } from './chart.tsx'
import { dollars, tidy, words } from './format.ts'

const COSTS: readonly Series[] = [
  { label: 'Cost', color: 'accent', value: ({ microUsd }) => microUsd / 1e6 },
]

/** What the providers were paid, by list price. */
export function CostCard({ figures, period }: { figures: PeriodFigures; period: Period }) {
  const { costs } = figures
  const shares = sharesOf(costs.map(({ microUsd }) => microUsd))
  return (
    <Card title="Cost" note="by list price">
      <Chart
        title="Cost"
        buckets={figures.buckets}
        period={period}
        form="bars"
        series={COSTS}
        format={(value) => dollars(value ?? 0)}
        tick={(value) => `$${tidy(value)}`}
      />
      <Table
        caption="Cost by stage and model"
        head={['Stage', 'Model', 'Cost']}
        rows={costs.map(({ stage, model, microUsd }, at) => ({
          cells: [words(stage), model, dollars(microUsd / 1e6)],
          share: shares[at] ?? 0,
        }))}
        emptyText="Nothing was paid for in this period."
      />
    </Card>
  )
}
