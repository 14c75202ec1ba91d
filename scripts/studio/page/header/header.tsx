import { useState } from 'preact/hooks'
import type { StudioView, TroubleView } from '../../view.ts'
import { ClockControl } from './clock-control.tsx'
import { LessonApi } from './lesson-api.tsx'
import { NewLearner } from './new-learner.tsx'

type HeaderProps = {
  view: StudioView
  isConnected: boolean
  /** The newest update of all learners; 0 before the first. */
  lastUpdateId: number
  /** Opens the way of an update. */
  onUpdate(updateId: number): void
}

/** The page's head: what is imitated, the time, and what can be added. */
export function Header({ view, isConnected, lastUpdateId, onUpdate }: HeaderProps) {
  return (
    <header class="head">
      <div class="brand">
        <span class="seal" aria-hidden="true">
          H
        </span>
        <h1>
          Honzík <small>studio</small>
        </h1>
      </div>
      <Cast view={view} />
      <div class="tools">
        <ClockControl aheadMs={view.clockAheadMs} />
        <LessonApi view={view} />
        <NewLearner />
        <button type="button" class="last-update" onClick={() => onUpdate(lastUpdateId)}>
          The last update
        </button>
      </div>
      <Trouble view={view} isConnected={isConnected} onUpdate={onUpdate} />
    </header>
  )
}

function Cast({ view: { parts } }: { view: StudioView }) {
  const standIns = parts.filter(({ isImitated }) => isImitated)
  const imitated = ['Telegram', ...standIns.map(({ name }) => name)]
  const realParts = parts
    .filter(({ isImitated }) => !isImitated)
    .map(({ name, host }) => `${name}, ${host}`)
  return (
    <section class="cast" aria-label="What is imitated">
      <Players words="Imitated:" kind="imitated" names={imitated} />
      {realParts.length > 0 && <Players words="Real:" kind="real" names={realParts} />}
      <p>
        {realParts.length === 0
          ? 'Nothing is paid. An OPENAI_API_KEY makes Honzík real.'
          : 'What is real costs money; each answer says how much.'}
      </p>
    </section>
  )
}

function Players({ words, kind, names }: { words: string; kind: string; names: string[] }) {
  return (
    <div class="players">
      <span>{words}</span>
      <ul>
        {names.map((name) => (
          <li key={name} class={kind}>
            {name}
          </li>
        ))}
      </ul>
    </div>
  )
}

/** What stands in the way of talking; else what has gone wrong last, until it is dismissed. */
function Trouble({ view, isConnected, onUpdate }: Omit<HeaderProps, 'lastUpdateId'>) {
  const [dismissedId, setDismissedId] = useState(0)
  const hindrance = !isConnected
    ? 'The studio’s server is away. The page waits for it.'
    : view.functions.isAnswering
      ? undefined
      : 'The functions are starting. What you send waits for them.'
  const last = view.troubles.at(-1)
  return (
    <div role="status" class="trouble">
      {hindrance !== undefined && <p>{hindrance}</p>}
      {hindrance === undefined && last && last.id > dismissedId && (
        <LastTrouble trouble={last} onUpdate={onUpdate} onDismiss={() => setDismissedId(last.id)} />
      )}
    </div>
  )
}

type LastTroubleProps = Pick<HeaderProps, 'onUpdate'> & {
  trouble: TroubleView
  onDismiss(): void
}

function LastTrouble({ trouble: { words, updateId }, onUpdate, onDismiss }: LastTroubleProps) {
  return (
    <div>
      <p>{words}</p>
      {updateId !== null && (
        <button type="button" onClick={() => onUpdate(updateId)}>
          Its update
        </button>
      )}
      <button type="button" onClick={onDismiss}>
        Dismiss
      </button>
    </div>
  )
}
