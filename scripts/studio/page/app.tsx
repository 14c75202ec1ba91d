import { useState } from 'preact/hooks'
import { Phone } from './chat/phone.tsx'
import { Header } from './header/header.tsx'
import { useStudio } from './studio/use-studio.ts'
import { UpdatePanel } from './update/update-panel.tsx'

/** A message whose update is looked at. */
export type Selection = { learnerId: number; messageId: number; updateId: number }

/** The whole page: who is imitated, the learners' phones, and the way of one update. */
export function App() {
  const studio = useStudio()
  const [selection, setSelection] = useState<Selection | undefined>()
  const { view, chats, isConnected } = studio
  if (view === undefined) {
    return (
      <main class="waiting" aria-busy={!isConnected}>
        <p>{isConnected ? 'Opening …' : 'Waiting for npm run dev …'}</p>
      </main>
    )
  }
  return (
    <>
      <Header view={view} isConnected={isConnected} />
      <div class="stage">
        <main class="phones" aria-label="Learners">
          {view.learners.map((learner) => (
            <Phone
              key={learner.id}
              learner={learner}
              chat={chats.get(learner.id)}
              recordings={view.recordings}
              selectedId={selection?.learnerId === learner.id ? selection.messageId : undefined}
              onSelect={(message) =>
                message.updateId !== null &&
                setSelection({
                  learnerId: learner.id,
                  messageId: message.id,
                  updateId: message.updateId,
                })
              }
            />
          ))}
        </main>
        {selection && (
          <UpdatePanel updateId={selection.updateId} onClose={() => setSelection(undefined)} />
        )}
      </div>
    </>
  )
}
