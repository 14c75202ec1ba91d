import type { ComponentChildren } from 'preact'
import { age, count, counted, dollars, percent, seconds } from './format.ts'
import type { Overview } from './requests.ts'

/** The few numbers that say whether all is well. */
export function KeyFigures({ overview }: { overview: Overview }) {
  const { figures, present } = overview
  const lessonsTaught = sumOf(figures.buckets.map((bucket) => bucket.taught))
  const lessonsAsked = lessonsTaught + sumOf(figures.buckets.map((bucket) => bucket.untaught))
  const errors = sumOf(figures.errors.map((error) => error.count))
  const cost = sumOf(figures.costs.map(({ microUsd }) => microUsd)) / 1e6
  const verdict = figures.answers.find(({ until }) => until === 'verdict')
  const { inbox } = present
  return (
    <dl class="key-figures">
      <Figure
        name="Lessons given"
        note={
          lessonsAsked === 0
            ? 'none was asked for'
            : `${percent(lessonsTaught / lessonsAsked)} of ${count(lessonsAsked)} asked for`
        }
      >
        {count(lessonsTaught)}
      </Figure>
      <Figure
        name="Answer time"
        note={`the median; 95 in 100 within ${seconds(verdict?.p95 ?? null)}`}
      >
        {seconds(verdict?.p50 ?? null)}
      </Figure>
      <Figure name="Failed calls" note="retried ones are counted, too">
        {count(errors)}
      </Figure>
      <Figure
        name="Waiting now"
        note={
          inbox.waiting === 0
            ? 'the inbox is empty'
            : `the oldest is due for ${age(inbox.oldestDueSeconds)}`
        }
      >
        {count(inbox.waiting)}
      </Figure>
      <Figure
        name="Learners active"
        note={`${counted(figures.learners.newcomers, 'newcomer')} in this period`}
      >
        {count(figures.learners.active)}
      </Figure>
      <Figure name="Cost" note={<Budget {...present.budget} />}>
        {dollars(cost)}
      </Figure>
    </dl>
  )
}

function Figure(props: { name: string; note: ComponentChildren; children: ComponentChildren }) {
  return (
    <div class="card">
      <dt>{props.name}</dt>
      <dd class="number">{props.children}</dd>
      <dd class="note">{props.note}</dd>
    </div>
  )
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
