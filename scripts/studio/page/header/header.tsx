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
  const isFree = parts.every(({ isImitated }) => isImitated)
  return (
    <section class="cast" aria-label="What is imitated">
      <ul>
        <li class="imitated">Telegram: imitated</li>
        {parts.map(({ name, isImitated, host }) => (
          <li key={name} class={isImitated ? 'imitated' : 'real'}>
            {name}: {isImitated ? 'imitated' : `real, ${host}`}
          </li>
        ))}
      </ul>
      <p>
        {isFree
          ? 'Nothing is paid. With OPENAI_API_KEY, the three of a lesson are real.'
          : 'Lessons cost money at what is real; each answer says how much.'}
      </p>
    </section>
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
