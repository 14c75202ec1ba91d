import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import type { Bucket, Period } from '../app/dashboard/dashboard.ts'
import { Table } from './card.tsx'
import { day } from './format.ts'

/** One measure of each bucket; `color` names a variable of the style sheet. */
export type Series = {
  label: string
  color: string
  isDashed?: boolean
  value: (bucket: Bucket) => number | null
}

type ChartProps = {
  title: string
  buckets: readonly Bucket[]
  period: Period
  /** Bars are drawn over each other: the first is the tallest. */
  form: 'bars' | 'lines'
  series: readonly Series[]
  /** A value in the table, and one at the axis. */
  format: (value: number | null) => string
  tick: (value: number) => string
}

const HEIGHT = 190
const dark = matchMedia('(prefers-color-scheme: dark)')

/** A chart, its legend, and the same numbers as a table; nothing where nothing was measured. */
export function Chart(props: ChartProps) {
  const { buckets, series } = props
  const isEmpty = series.every(({ value }) => buckets.every((bucket) => !value(bucket)))
  return isEmpty ? null : <FilledChart {...props} />
}

function FilledChart(props: ChartProps) {
  const place = useDrawing(props)
  const { title, series } = props
  return (
    <>
      <div
        class="chart"
        ref={place}
        role="img"
        aria-label={`${title}: a chart. Its numbers are in the table below.`}
      />
      <ul class="legend" aria-hidden="true">
        {series.map(({ label, color, isDashed }) => (
          <li key={label} class={`${color}${isDashed ? ' dashed' : ''}`}>
            {label}
          </li>
        ))}
      </ul>
      <ChartTable {...props} />
    </>
  )
}

/** Draws into the element that gets the returned reference; again when the colours or the size change. */
function useDrawing(props: ChartProps) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const { current } = place
    if (current === null) return
    let chart = draw(current, props)
    const redraw = () => {
      chart.destroy()
      chart = draw(current, props)
    }
    const resizing = new ResizeObserver(() => {
      chart.setSize({ width: current.clientWidth, height: HEIGHT })
    })
    resizing.observe(current)
    dark.addEventListener('change', redraw)
    return () => {
      resizing.disconnect()
      dark.removeEventListener('change', redraw)
      chart.destroy()
    }
  }, [props])
  return place
}

/** The numbers of a chart, for those who cannot see it. */
function ChartTable({ title, buckets, period, series, format }: ChartProps) {
  return (
    <details>
      <summary>
        As a table<span class="hidden-visually">: {title}</span>
      </summary>
      <Table
        caption={title}
        head={[period === '24h' ? 'Hour' : 'Day (UTC)', ...series.map(({ label }) => label)]}
        rows={buckets.map((bucket) => ({
          cells: [nameOf(bucket, period), ...series.map(({ value }) => format(value(bucket)))],
        }))}
        emptyText="Nothing was measured."
      />
    </details>
  )
}

function nameOf({ at }: Bucket, period: Period): string {
  const date = new Date(at)
  return period === '24h' ? hour(date) : day(date)
}

function hour(at: Date): string {
  return at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
}

function draw(place: HTMLElement, props: ChartProps): uPlot {
  const { buckets, series } = props
  const style = getComputedStyle(place)
  const colorOf = (name: string) => style.getPropertyValue(`--${name}`).trim()
  const options: uPlot.Options = {
    width: place.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 8, 0, 0],
    scales: {
      x: { time: false, range: (_, min, max) => [min - 0.5, max + 0.5] },
      y: { range: fromZero },
    },
    axes: axesOf(props, colorOf, style.fontFamily),
    series: [{}, ...series.map((entry) => seriesOptions(entry, props, colorOf(entry.color)))],
  }
  const data: uPlot.AlignedData = [
    buckets.map((_, at) => at),
    ...series.map(({ value }) => buckets.map(value)),
  ]
  return new uPlot(options, data, place)
}

function axesOf(
  { buckets, period, tick }: ChartProps,
  colorOf: (name: string) => string,
  fontFamily: string,
): uPlot.Axis[] {
  const axis: uPlot.Axis = {
    stroke: colorOf('muted'),
    font: `12px ${fontFamily}`,
    grid: { stroke: colorOf('line'), width: 1 },
    ticks: { show: false },
  }
  return [
    {
      ...axis,
      grid: { show: false },
      size: 28,
      space: 56,
      incrs: [1, 2, 3, 4, 6, 7, 12],
      values: (_, splits) => splits.map((at) => labelOf(buckets[at], period)),
    },
    { ...axis, size: 52, space: 36, values: (_, splits) => splits.map(tick) },
  ]
}

function seriesOptions(
  { label, isDashed }: Series,
  { form, buckets }: ChartProps,
  color: string,
): uPlot.Series {
  return {
    label,
    stroke: color,
    width: form === 'lines' ? 2 : 0,
    spanGaps: false,
    points: { show: form === 'lines' && buckets.length < 10, size: 5, fill: color },
    ...(isDashed && { dash: [6, 5] }),
    ...(form === 'bars' && { fill: color, paths: bars }),
  }
}

const bars = uPlot.paths.bars?.({ size: [0.62, 36], radius: 0.12 }) ?? (() => null)

/** From 0 to above the largest value, and to 1 where nothing is above 0. */
function fromZero(_: uPlot, __: number, max: number | null): uPlot.Range.MinMax {
  return [0, max === null || max <= 0 ? 1 : max * 1.12]
}

function labelOf(bucket: Bucket | undefined, period: Period): string {
  return bucket === undefined ? '' : nameOf(bucket, period)
}
