import {
  bucketOf,
  type CounterName,
  type HistogramName,
  type LabelsOf,
  type MetricName,
} from '../domain/metrics/metrics.ts'

/** How a run ends: with its job `done`, `dead`, or to be run `again`. */
export type RunEnd = 'done' | 'dead' | 'again'

/** One thing that was measured; `le` and `sumMs` are those of a duration. */
export type Sample = {
  name: MetricName
  labels: Readonly<Record<string, string>>
  /** The upper bound in seconds of its bucket. */
  le?: number
  value: number
  sumMs?: number
}

/** Takes what is measured in a run; it is stored when the run ends, with the statement that ends it. */
export type Measures = {
  /** Counts something; with `onlyIf`, only where the run ends so. */
  count<Name extends CounterName>(name: Name, labels: LabelsOf<Name>, onlyIf?: RunEnd): void
  /** Adds a duration to a histogram; with `onlyIf`, only where the run ends so. */
  time<Name extends HistogramName>(
    name: Name,
    labels: LabelsOf<Name>,
    ms: number,
    onlyIf?: RunEnd,
  ): void
}

export type RunMeasures = Measures & {
  /** What a run has measured that ends so. */
  samples(end: RunEnd): Sample[]
}

/** Gathers what a run measures. */
export function runMeasures(): RunMeasures {
  const samples: { sample: Sample; onlyIf: RunEnd | undefined }[] = []
  return {
    count(name, labels, onlyIf) {
      samples.push({ sample: { name, labels, value: 1 }, onlyIf })
    },
    time(name, labels, ms, onlyIf) {
      const sumMs = Math.max(0, Math.round(ms))
      samples.push({
        sample: { name, labels, le: bucketOf(sumMs / 1000), value: 1, sumMs },
        onlyIf,
      })
    },
    samples: (end) =>
      samples
        .filter(({ onlyIf }) => onlyIf === undefined || onlyIf === end)
        .map(({ sample }) => sample),
  }
}
