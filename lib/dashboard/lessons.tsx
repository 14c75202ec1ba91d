import type { Period, PeriodFigures } from '../app/dashboard/dashboard.ts'
import { Card, sharesOf, Table } from './card.tsx'
import { Chart, type Series } from './chart.tsx'
import { count, seconds, tidy, words } from './format.ts'

type Props = { figures: PeriodFigures; period: Period }

const LESSONS: readonly Series[] = [
  { label: 'Asked for', color: 'faint', value: ({ taught, untaught }) => taught + untaught },
  { label: 'Given', color: 'accent', value: ({ taught }) => taught },
]

/** How many lessons there were, and how they ended. */
export function LessonsCard({ figures, period }: Props) {
  const { buckets, outcomes } = figures
  const shares = sharesOf(outcomes.map((outcome) => outcome.count))
  return (
    <Card title="Lessons">
      <Chart
        title="Lessons"
        buckets={buckets}
        period={period}
        form="bars"
        series={LESSONS}
        format={(value) => count(value ?? 0)}
        tick={(value) => (Number.isInteger(value) ? count(value) : '')}
      />
      <Table
        caption="How lessons ended"
        head={['Outcome', 'Kind', 'Lessons']}
        rows={outcomes.map(({ kind, outcome, count: lessons }, at) => ({
          cells: [words(outcome), kind, count(lessons)],
          share: shares[at] ?? 0,
        }))}
        emptyText="No lesson was asked for in this period. The first voice note to the bot will show here."
      />
    </Card>
  )
}

const ANSWER_TIMES: readonly Series[] = [
  { label: 'Half are faster (p50)', color: 'accent', value: ({ p50 }) => p50 },
  { label: '95 in 100 are (p95)', color: 'second', isDashed: true, value: ({ p95 }) => p95 },
]

/** How long learners wait. */
export function AnswerTimeCard({ figures, period }: Props) {
  return (
    <Card title="Answer time" note="from receipt to verdict">
      <Chart
        title="Answer time"
        buckets={figures.buckets}
        period={period}
        form="lines"
        series={ANSWER_TIMES}
        format={seconds}
        tick={(value) => `${tidy(value)} s`}
      />
      <Table
        caption="Answer time by what was waited for"
        head={['Until', 'p50', 'p95']}
        rows={figures.answers.map(({ until, p50, p95 }) => ({
          cells: [UNTIL[until] ?? words(until), seconds(p50), seconds(p95)],
        }))}
        emptyText="Nothing was answered in this period."
      />
    </Card>
  )
}

const UNTIL: Readonly<Record<string, string>> = { verdict: 'the verdict', voice: 'the voice note' }
