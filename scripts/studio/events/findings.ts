import { troubleOf } from '../log-lines.ts'
import { type Bar, stepName, type Way } from './way.ts'

/** Something of an update that an engineer would look for; `atMs` is when, from the update's beginning. */
export type Finding = { atMs: number; words: string }

/** A statement or a silence of so long is worth a look; a lesson's own statements take some milliseconds. */
const SLOW_STATEMENT_MS = 250
const SILENCE_MS = 500

/** What is out of the ordinary about an update, in the order of time: what failed, came twice, was slow, or waited. */
export function findingsOf(way: Way): Finding[] {
  return [
    ...deliveryFindings(way),
    ...callFindings(way),
    ...repeatFindings(way),
    ...statementFindings(way),
    ...silences(way),
    ...lineFindings(way),
    ...way.faults.map(({ name, atMs }) => ({ atMs, words: `Fault pressed: ${name}.` })),
  ].toSorted((a, b) => a.atMs - b.atMs)
}

function deliveryFindings({ deliveries, beganAt }: Way): Finding[] {
  return deliveries
    .filter(({ status, attempt }) => status !== 200 || attempt > 1)
    .map(({ at, attempt, status, error }) => ({
      atMs: at - beganAt,
      words: `Delivery ${attempt}: ${[status, error].filter((part) => part !== null).join(', ')}.`,
    }))
}

function callFindings({ providerCalls, sendings, beganAt }: Way): Finding[] {
  return [
    ...providerCalls.flatMap(({ at, path, fault }) =>
      fault === null ? [] : [{ atMs: at - beganAt, words: `${path} failed: ${fault}.` }],
    ),
    ...sendings.flatMap(({ method, outcome, reason, startMs }) =>
      outcome === 'ok' ? [] : [{ atMs: startMs, words: `${reason ?? `${method}: ${outcome}`}.` }],
    ),
  ]
}

/** Steps that a run has done again although an earlier one had ended them: paid, or sent, twice. */
function repeatFindings({ runs, lines, beganAt }: Way): Finding[] {
  return runs.flatMap(({ jobId, attempt, steps }) =>
    steps
      .filter(({ isRepeated }) => isRepeated)
      .map(({ step }) => ({
        atMs:
          (lines.find(
            ({ event, fields }) =>
              event === 'step_ended' &&
              fields.job_id === jobId &&
              fields.attempt === attempt &&
              fields.step === step,
          )?.at ?? beganAt) - beganAt,
        words: `Run ${attempt} did ${stepName(step)} again, which an earlier run had ended.`,
      })),
  )
}

function statementFindings({ statements }: Way): Finding[] {
  return statements
    .filter(({ ms }) => ms >= SLOW_STATEMENT_MS)
    .map(({ sql, ms, startMs }) => ({
      atMs: startMs,
      words: `A statement took ${Math.round(ms)} ms: ${sql.trim().replace(/\s+/g, ' ').slice(0, 90)}`,
    }))
}

/** The stretches in which nothing of the update was under way: it waited for its lane, a lease, a retry. */
function silences({ bars }: Way): Finding[] {
  const findings: Finding[] = []
  let [last, endMs] = ['', 0]
  for (const bar of bars) {
    const { kind, startMs, tookMs } = bar
    if (kind === 'fault') continue
    if (last !== '' && startMs - endMs >= SILENCE_MS) {
      const seconds = ((startMs - endMs) / 1000).toFixed(1)
      findings.push({
        atMs: endMs,
        words: `Nothing was under way for ${seconds} s, between ${last} and ${nameOf(bar)}.`,
      })
    }
    if (startMs + tookMs >= endMs) [last, endMs] = [nameOf(bar), startMs + tookMs]
  }
  return findings
}

function nameOf({ kind, label }: Bar): string {
  return kind === 'statement' ? 'a statement' : label
}

/** The log's own warnings and errors. */
function lineFindings({ lines, beganAt }: Way): Finding[] {
  return lines.flatMap(({ at, level, event, fields }) => {
    const words = troubleOf({ ...fields, level, event })
    return words === undefined ? [] : [{ atMs: at - beganAt, words }]
  })
}
