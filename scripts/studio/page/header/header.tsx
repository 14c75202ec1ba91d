import type { StudioView } from '../../view.ts'
import { ClockControl } from './clock-control.tsx'
import { LessonApi } from './lesson-api.tsx'
import { NewLearner } from './new-learner.tsx'

/** The page's head: what is imitated, the time, and what can be added. */
export function Header({ view, isConnected }: { view: StudioView; isConnected: boolean }) {
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
      </div>
      <Trouble view={view} isConnected={isConnected} />
    </header>
  )
}

function Cast({ view: { parts } }: { view: StudioView }) {
  const standIns = parts.filter(({ isImitated }) => isImitated)
  const imitated = ['Telegram', ...standIns.map(({ name }) => name)]
  const real = parts
    .filter(({ isImitated }) => !isImitated)
    .map(({ name, host }) => `${name}, ${host}`)
  return (
    <section class="cast" aria-label="What is imitated">
      <Players words="Imitated:" kind="imitated" names={imitated} />
      {real.length > 0 && <Players words="Real:" kind="real" names={real} />}
      <p>
        {real.length === 0
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

function Trouble({ view, isConnected }: { view: StudioView; isConnected: boolean }) {
  const words = !isConnected
    ? 'The studio’s server is away. The page waits for it.'
    : view.functions.isAnswering
      ? view.troubles.at(-1)
      : 'The functions are starting. What you send waits for them.'
  return (
    <div role="status" class="trouble">
      {words !== undefined && <p>{words}</p>}
    </div>
  )
}
