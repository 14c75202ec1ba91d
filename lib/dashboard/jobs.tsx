import { useRef, useState } from 'preact/hooks'
import type { JobRecord } from '../app/jobs/job-record.ts'
import { Card } from './card.tsx'
import { age, counted, words } from './format.ts'
import { JobSteps } from './job-steps.tsx'
import { changeJob } from './requests.ts'

/** The jobs that are dead, cannot be read, or are tried again, with what an operator can do about them. */
export function JobsCard(props: { jobs: readonly JobRecord[]; onChange: () => Promise<void> }) {
  const [message, setMessage] = useState('')
  const status = useRef<HTMLParagraphElement>(null)

  async function change(id: number, action: 'retry' | 'discard'): Promise<void> {
    const outcome = await changeJob(id, action)
    setMessage(sentenceOf(id, action, outcome))
    // The button that was pressed goes with its job.
    status.current?.focus()
    await props.onChange()
  }

  return (
    <Card
      title="Jobs that failed"
      note={props.jobs.length === 0 ? undefined : counted(props.jobs.length, 'job')}
      isWide
    >
      <p class="message" role="status" tabIndex={-1} ref={status}>
        {message}
      </p>
      {props.jobs.length === 0 && <p class="none">None: every message has been answered.</p>}
      <ul class="jobs">
        {props.jobs.map((job) => (
          <JobItem key={job.id} job={job} onChange={change} />
        ))}
      </ul>
    </Card>
  )
}

function sentenceOf(
  id: number,
  action: 'retry' | 'discard',
  outcome: Awaited<ReturnType<typeof changeJob>>,
): string {
  if (outcome.kind === 'signed-out') return outcome.detail
  if (outcome.kind === 'trouble') return `${outcome.trouble.title}: ${outcome.trouble.fix}`
  const { change } = outcome.value
  switch (change.kind) {
    case 'changed':
      return action === 'retry' ? `Job ${id} runs again.` : `Job ${id} is discarded.`
    case 'unchanged':
      return `Job ${id} is ${change.state} by now: there was nothing to do.`
    case 'forgotten':
      return `Job ${id} has nothing left to run: its sender left, or it was discarded.`
    case 'unknown':
      return `Job ${id} is no longer there.`
  }
}

const STATE_CLASSES = {
  dead: 'bad',
  poison: 'bad',
  parked: 'doubtful',
  waiting: 'neutral',
  done: 'good',
} as const

function JobItem(props: {
  job: JobRecord
  onChange: (id: number, action: 'retry' | 'discard') => Promise<void>
}) {
  const { job } = props
  const isEnded = job.state === 'dead' || job.state === 'poison'
  return (
    <li>
      <div class="job-line">
        <span class={`state ${STATE_CLASSES[job.state]}`}>{job.state}</span>
        <span class="job-error">
          <strong>{job.errorCode ?? 'no error'}</strong>
          {job.stage !== null && <span> at {words(job.stage)}</span>}
        </span>
        <span class="job-facts">
          job {job.id} · {job.source}
          {job.learnerId !== null && ` · learner ${job.learnerId}`} ·{' '}
          {counted(job.attempts, 'attempt')} · {age(job.ageSeconds)} old
        </span>
        {isEnded && <Actions id={job.id} onChange={props.onChange} />}
      </div>
      <JobSteps id={job.id} />
    </li>
  )
}

/** The button that was pressed has given way to this one. */
function focus(button: HTMLButtonElement | null): void {
  button?.focus()
}

/** Discarding forgets what was said, and is asked for twice. */
function Actions(props: {
  id: number
  onChange: (id: number, action: 'retry' | 'discard') => Promise<void>
}) {
  const { id } = props
  const [isAsking, setAsking] = useState(false)
  const [isBusy, setBusy] = useState(false)

  async function act(action: 'retry' | 'discard'): Promise<void> {
    setBusy(true)
    await props.onChange(id, action)
    setBusy(false)
    setAsking(false)
  }

  return (
    <span class="actions">
      {isAsking ? (
        <Confirmation
          id={id}
          isBusy={isBusy}
          onDiscard={() => act('discard')}
          onKeep={() => setAsking(false)}
        />
      ) : (
        <>
          <button type="button" disabled={isBusy} onClick={() => act('retry')}>
            Retry<span class="hidden-visually"> job {id}</span>
          </button>
          <button type="button" disabled={isBusy} onClick={() => setAsking(true)}>
            Discard<span class="hidden-visually"> job {id}</span> …
          </button>
        </>
      )}
    </span>
  )
}

function Confirmation(props: {
  id: number
  isBusy: boolean
  onDiscard: () => void
  onKeep: () => void
}) {
  const { id, isBusy } = props
  return (
    <>
      <span class="question">Forget it for good?</span>
      <button type="button" class="danger" ref={focus} disabled={isBusy} onClick={props.onDiscard}>
        Discard<span class="hidden-visually"> job {id} for good</span>
      </button>
      <button type="button" disabled={isBusy} onClick={props.onKeep}>
        Keep<span class="hidden-visually"> job {id}</span>
      </button>
    </>
  )
}
