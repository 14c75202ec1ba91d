import type { ComponentChildren } from 'preact'
import { age, count, counted, dollars, percent, seconds } from './format.ts'
import type { Overview } from './requests.ts'

type KeyFigure = { name: string; value: string; note: ComponentChildren }

/** The few numbers that say whether all is well. */
export function KeyFigures({ overview }: { overview: Overview }) {
  return (
    <dl class="key-figures">
      {keyFiguresOf(overview).map(({ name, value, note }) => (
        <div class="card" key={name}>
          <dt>{name}</dt>
          <dd class="number">{value}</dd>
          <dd class="note">{note}</dd>
        </div>
      ))}
    </dl>
  )
}

function keyFiguresOf({ figures, present: { inbox, budget } }: Overview): KeyFigure[] {
  const verdict = figures.answers.find(({ until }) => until === 'verdict')
  const newcomers = counted(figures.learners.newcomers, 'newcomer')
  const costUsd = sumOf(figures.costs.map(({ microUsd }) => microUsd)) / 1e6
  return [
    lessonsGiven(figures.buckets),
    {
      name: 'Answer time',
      value: seconds(verdict?.p50 ?? null),
      note: `the median; 95 in 100 within ${seconds(verdict?.p95 ?? null)}`,
    },
    {
      name: 'Failed calls',
      value: count(sumOf(figures.errors.map((error) => error.count))),
      note: 'retried ones are counted, too',
    },
    {
      name: 'Waiting now',
      value: count(inbox.waiting),
      note:
        inbox.waiting === 0
          ? 'the inbox is empty'
          : `the oldest is due for ${age(inbox.oldestDueSeconds)}`,
    },
    {
      name: 'Learners active',
      value: count(figures.learners.active),
      note: `${newcomers} in this period`,
    },
    { name: 'Cost', value: dollars(costUsd), note: <Budget {...budget} /> },
  ]
}

function lessonsGiven(buckets: Overview['figures']['buckets']): KeyFigure {
  const taught = sumOf(buckets.map((bucket) => bucket.taught))
  const asked = taught + sumOf(buckets.map((bucket) => bucket.untaught))
  const note =
    asked === 0 ? 'none was asked for' : `${percent(taught / asked)} of ${count(asked)} asked for`
  return { name: 'Lessons given', value: count(taught), note }
}

function Budget({ spentUsd, limitUsd }: Overview['present']['budget']) {
  if (limitUsd === null) return <>{dollars(spentUsd)} today, no limit set</>
  return (
    <>
      {dollars(spentUsd)} of {dollars(limitUsd)} today
      <meter
        value={spentUsd}
        max={limitUsd}
        high={limitUsd * 0.8}
        aria-label="Budget of the day spent"
      />
    </>
  )
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
