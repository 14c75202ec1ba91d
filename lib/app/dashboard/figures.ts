import type { Bucket, PeriodFigures } from './dashboard.ts'
import { quantilesOf } from './quantiles.ts'

/** What was measured under one name and one set of labels; `le` is the upper bound in seconds of a duration's bucket. */
export type MeasuredSum = {
  /** The beginning of its hour or day; null of a sum of the whole period. */
  start: Date | null
  name: string
  labels: Readonly<Record<string, string>>
  le: number
  value: number
}

/** Sums up a period for the dashboard; `starts` are the beginnings of its hours or days, oldest first. */
export function figuresOf(
  sums: readonly MeasuredSum[],
  starts: readonly Date[],
): Omit<PeriodFigures, 'learners'> {
  const sumsOf = (name: string) => sums.filter((sum) => sum.name === name)
  const byStart = Map.groupBy(sums, ({ start }) => start?.getTime())
  const lessons = groupsOf(sumsOf('lessons'), 'kind', 'outcome')
  const answers = groupsOf(sumsOf('answer_seconds'), 'to')
  const stages = groupsOf(sumsOf('stage_seconds'), 'stage')
  const errors = groupsOf(sumsOf('provider_errors'), 'stage', 'code')
  const costs = groupsOf(sumsOf('cost_micro_usd'), 'stage', 'model')
  return {
    buckets: starts.map((start) => bucketOf(start, byStart.get(start.getTime()) ?? [])),
    outcomes: lessons.map(({ labels: [kind, outcome], count }) => ({ kind, outcome, count })),
    // In the order in which they come: the verdict, then the voice note.
    answers: answers
      .map(({ labels: [until], sums }) => ({ until, ...quantilesOf(sums) }))
      .toSorted((a, b) => a.until.localeCompare(b.until)),
    stages: stages.map(({ labels: [stage], sums, count }) => ({
      stage,
      calls: count,
      ...quantilesOf(sums),
    })),
    errors: errors.map(({ labels: [stage, code], count }) => ({ stage, code, count })),
    costs: costs.map(({ labels: [stage, model], count }) => ({ stage, model, microUsd: count })),
  }
}

function bucketOf(start: Date, sums: readonly MeasuredSum[]): Bucket {
  const totalOf = (isCounted: (sum: MeasuredSum) => boolean) =>
    sums.filter(isCounted).reduce((total, { value }) => total + value, 0)
  const isTaught = ({ labels }: MeasuredSum) => labels.outcome === TAUGHT
  return {
    at: start.toISOString(),
    taught: totalOf((sum) => sum.name === 'lessons' && isTaught(sum)),
    untaught: totalOf((sum) => sum.name === 'lessons' && !isTaught(sum)),
    errors: totalOf(({ name }) => name === 'provider_errors'),
    microUsd: totalOf(({ name }) => name === 'cost_micro_usd'),
    ...quantilesOf(sums.filter((sum) => sum.name === 'answer_seconds' && isUntilVerdict(sum))),
  }
}

/** The outcome of a lesson that was given. */
export const TAUGHT = 'taught'

function isUntilVerdict({ labels }: MeasuredSum): boolean {
  return labels.to === 'verdict'
}

type Group<Labels> = { labels: Labels; sums: MeasuredSum[]; count: number }

/** The sums by the values of these labels, the most counted first. */
function groupsOf<const Names extends readonly string[]>(
  sums: readonly MeasuredSum[],
  ...names: Names
): Group<{ [At in keyof Names]: string }>[] {
  const valuesOf = ({ labels }: MeasuredSum) => names.map((name) => labels[name] ?? '')
  const groups = Map.groupBy(sums, (sum) => JSON.stringify(valuesOf(sum)))
  return [...groups.values()]
    .map((group) => ({
      labels: names.map((name) => group[0]?.labels[name] ?? '') as {
        [At in keyof Names]: string
      },
      sums: group,
      count: group.reduce((total, { value }) => total + value, 0),
    }))
    .toSorted((a, b) => b.count - a.count)
}
