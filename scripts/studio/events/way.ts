import type { DeliveryEvent, FaultEvent, LogEvent, ProviderEvent, StudioEvent } from './event.ts'
import { floorMs, serialMs } from './floor.ts'

type At<Event> = Event & Pick<StudioEvent, 'order' | 'at'>

/** A stretch of time in the waterfall, in milliseconds since the way began. */
export type Bar = {
  kind: 'delivery' | 'step' | 'provider' | 'statement' | 'telegram' | 'fault'
  label: string
  startMs: number
  tookMs: number
  /** It did not succeed. */
  isFailed: boolean
}

/** One run of a job: from its claim to the end of its lines. */
export type RunOfJob = {
  jobId: number
  source: string
  lane: string
  attempt: number
  /** A step that an earlier run had ended, and that this one has done again. */
  steps: { step: string; ms: number | null; isRemembered: boolean; isRepeated: boolean }[]
  /** How it ended, as its last line of such a kind says: an event of the log. */
  outcome: string | null
}

/** A paid call, as the functions charged it. */
export type Charge = {
  step: string
  /** The run of the job that paid. */
  attempt: number | null
  model: string
  inputTokens: number
  outputTokens: number
  costMicroUsd: number | null
}

export type Sending = {
  method: string
  outcome: string
  /** Why it failed, in Telegram's words. */
  reason: string | null
  ms: number
  startMs: number
}
export type Statement = { sql: string; ms: number; startMs: number }

/** What became of one update. */
export type Way = {
  /** The machine's time from which the others count. */
  beganAt: number
  deliveries: At<DeliveryEvent>[]
  runs: RunOfJob[]
  bars: Bar[]
  charges: Charge[]
  providerCalls: At<ProviderEvent>[]
  statements: Statement[]
  sendings: Sending[]
  lines: At<LogEvent>[]
  /** What a person has arranged meanwhile. */
  faults: { name: string; atMs: number }[]
  /** From the first call of the webhook to the end of the last bar. */
  tookMs: number
  /** The calls of its lesson one after the other, and as they can overlap; null where nothing was taught. */
  serialMs: number | null
  floorMs: number | null
}

/** Finds in the studio's events what became of an update; undefined where none of them is about it. */
export function wayOf(events: readonly StudioEvent[], updateId: number): Way | undefined {
  const deliveries = events.filter(isDelivery).filter((event) => event.updateId === updateId)
  const lines = linesOf(events, updateId)
  const beganAt = Math.min(...[...deliveries, ...lines].map(({ at }) => at))
  if (!Number.isFinite(beganAt)) return undefined
  const providerCalls = providerCallsOf(events, lines)
  const statements = lines.flatMap((line) => statementIn(line, beganAt))
  const sendings = lines.flatMap((line) => sendingIn(line, beganAt))
  const faults = faultsIn(events, { beganAt, endedAt: Math.max(...lines.map(({ at }) => at)) })
  const bars = [
    ...deliveries.map((delivery) => deliveryBar(delivery, beganAt)),
    ...lines.flatMap((line) => stepBar(line, beganAt)),
    ...providerCalls.map((call) => providerBar(call, beganAt)),
    ...sendings.map(sendingBar),
    ...statements.map(statementBar),
    ...faults.map(faultBar),
  ].toSorted((a, b) => a.startMs - b.startMs)
  // What was refused and asked again belongs to no floor.
  const calls = { providerCalls: providerCalls.filter(({ fault }) => fault === null), sendings }
  return {
    beganAt,
    deliveries,
    runs: runsIn(lines),
    bars,
    charges: lines.flatMap(chargeIn),
    providerCalls,
    statements,
    sendings,
    lines,
    faults,
    tookMs: Math.max(...bars.map(({ startMs, tookMs }) => startMs + tookMs), 0),
    serialMs: serialMs(calls),
    floorMs: floorMs(calls),
  }
}

function isDelivery(event: StudioEvent): event is StudioEvent & DeliveryEvent {
  return event.kind === 'delivery'
}

function isLog(event: StudioEvent): event is StudioEvent & LogEvent {
  return event.kind === 'log'
}

/**
 * The lines of an update: those that name it, and those of the requests that stored it or ran its job, where they name
 * no other update. A press may ask for a job of its own, which the same request runs.
 */
function linesOf(events: readonly StudioEvent[], updateId: number): (StudioEvent & LogEvent)[] {
  const lines = events.filter(isLog)
  const isNamed = ({ event, fields }: LogEvent) =>
    fields.update_id === updateId ||
    (event === 'update_stored' && String(fields.key) === String(updateId))
  const requests = new Set<unknown>(
    lines
      .filter(isNamed)
      .map(({ fields }) => fields.request_id)
      .filter((id) => id !== undefined),
  )
  return lines.filter(
    (line) =>
      isNamed(line) ||
      (line.fields.update_id === undefined && requests.has(line.fields.request_id)),
  )
}

/** How long before or after its answer's end a call may be charged, or said to have failed; a busy machine is late. */
const TOLD_WITHIN_MS = 3_000

/** The provider's calls that these lines are about: each the one of its stage that ended nearest to it. */
function providerCallsOf(events: readonly StudioEvent[], lines: readonly At<LogEvent>[]) {
  const calls = events.filter(
    (event): event is StudioEvent & ProviderEvent => event.kind === 'provider',
  )
  const imitatedCalls = new Set<StudioEvent & ProviderEvent>()
  for (const line of lines) {
    const isCharge = line.event === 'call_charged'
    const stage = isCharge ? line.fields.stage : failedStageIn(line)
    const distanceOf = (call: At<ProviderEvent>) => Math.abs(line.at - (call.at + call.tookMs))
    const [nearestCall] = calls
      // One that failed may have been charged, too, and is told of twice.
      .filter(
        (call) =>
          call.stage === stage && (isCharge ? !imitatedCalls.has(call) : call.fault !== null),
      )
      .toSorted((a, b) => distanceOf(a) - distanceOf(b))
    if (nearestCall && distanceOf(nearestCall) <= TOLD_WITHIN_MS) imitatedCalls.add(nearestCall)
  }
  return [...imitatedCalls].toSorted((a, b) => a.at - b.at)
}

/** The stage whose call has failed, where a line says so. */
function failedStageIn({ event, fields }: LogEvent): unknown {
  if (event === 'provider_retry') return fields.stage
  if (event !== 'processing_error') return undefined
  return /^provider-[\w-]+: (\w+):/.exec(String(fields.error))?.[1]
}

const ENDINGS =
  /_processed_successfully$|^(lesson_refused|lesson_retaken|aside_answered|attempt_answered|memory_looked|command_\w+|press_\w+|message_unsupported|processing_error|job_dead|unhandled_exception)$/

function runsIn(lines: readonly LogEvent[]): RunOfJob[] {
  const runs = new Map<string, RunOfJob>()
  const endedIn = new Map<string, number>()
  for (const { event, fields } of lines) {
    const { job_id: jobId, attempt, source, lane } = fields
    if (typeof jobId !== 'number' || typeof attempt !== 'number') continue
    const key = `${jobId}:${attempt}`
    const run = runs.get(key) ?? {
      jobId,
      source: String(source),
      lane: String(lane),
      attempt,
      steps: [],
      outcome: null,
    }
    runs.set(key, run)
    const step = String(fields.step)
    if (event === 'step_ended') {
      const isRepeated = (endedIn.get(`${jobId}:${step}`) ?? attempt) !== attempt
      endedIn.set(`${jobId}:${step}`, attempt)
      run.steps.push({ step, ms: Number(fields.ms), isRemembered: false, isRepeated })
    }
    if (event === 'step_remembered')
      run.steps.push({ step, ms: null, isRemembered: true, isRepeated: false })
    if (ENDINGS.test(event)) run.outcome = event
  }
  return [...runs.values()]
}

function statementIn({ event, at, fields }: At<LogEvent>, beganAt: number): Statement[] {
  if (event !== 'statement_ended') return []
  const ms = Number(fields.ms)
  return [{ sql: String(fields.sql), ms, startMs: at - ms - beganAt }]
}

function sendingIn({ event, at, fields }: At<LogEvent>, beganAt: number): Sending[] {
  if (event !== 'telegram_called') return []
  const ms = Number(fields.ms)
  const { method, outcome, reason } = fields
  return [
    {
      method: String(method),
      outcome: String(outcome),
      reason: typeof reason === 'string' ? reason : null,
      ms,
      startMs: at - ms - beganAt,
    },
  ]
}

function chargeIn({ event, fields }: LogEvent): Charge[] {
  if (event !== 'call_charged') return []
  const { attempt, step, model, inputTokens, outputTokens, costMicroUsd } = fields
  return [
    {
      step: String(step),
      attempt: typeof attempt === 'number' ? attempt : null,
      model: String(model),
      inputTokens: Number(inputTokens ?? 0),
      outputTokens: Number(outputTokens ?? 0),
      costMicroUsd: typeof costMicroUsd === 'number' ? costMicroUsd : null,
    },
  ]
}

function deliveryBar({ at, attempt, tookMs, status }: At<DeliveryEvent>, beganAt: number): Bar {
  return {
    kind: 'delivery',
    label: `POST /webhook${attempt > 1 ? `, attempt ${attempt}` : ''}`,
    startMs: at - beganAt,
    tookMs,
    isFailed: status !== 200,
  }
}

function stepBar({ event, at, fields }: At<LogEvent>, beganAt: number): Bar[] {
  if (event !== 'step_ended') return []
  const ms = Number(fields.ms)
  return [
    {
      kind: 'step',
      label: stepName(String(fields.step)),
      startMs: at - ms - beganAt,
      tookMs: ms,
      isFailed: false,
    },
  ]
}

/** A step without the hash of what is spoken. */
export function stepName(step: string): string {
  const [name = '', hash] = step.split(':')
  return hash === undefined ? name : `${name} ${hash.slice(0, 6)}`
}

function providerBar(call: At<ProviderEvent>, beganAt: number): Bar {
  return {
    kind: 'provider',
    label: call.path,
    startMs: call.at - beganAt,
    tookMs: call.tookMs,
    isFailed: call.fault !== null,
  }
}

function sendingBar({ method, outcome, ms, startMs }: Sending): Bar {
  return { kind: 'telegram', label: method, startMs, tookMs: ms, isFailed: outcome !== 'ok' }
}

function statementBar({ sql, ms, startMs }: Statement): Bar {
  const label = sql.replace(/\s+/g, ' ').slice(0, 60)
  return { kind: 'statement', label, startMs, tookMs: ms, isFailed: false }
}

function faultsIn(
  events: readonly StudioEvent[],
  { beganAt, endedAt }: { beganAt: number; endedAt: number },
): Way['faults'] {
  return events
    .filter((event): event is StudioEvent & FaultEvent => event.kind === 'fault')
    .filter(({ at }) => at >= beganAt && at <= endedAt)
    .map(({ name, at }) => ({ name, atMs: at - beganAt }))
}

function faultBar({ name, atMs }: Way['faults'][number]): Bar {
  return { kind: 'fault', label: `fault: ${name}`, startMs: atMs, tookMs: 0, isFailed: true }
}
