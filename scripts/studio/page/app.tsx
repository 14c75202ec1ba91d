import { useState } from 'preact/hooks'
import { Phone } from './chat/phone.tsx'
import { Header } from './header/header.tsx'
import { useStudio } from './studio/use-studio.ts'
import { UpdatePanel } from './update/update-panel.tsx'

/** The update that is looked at, and the message that was clicked for it. */
export type Selection = { updateId: number; message?: { learnerId: number; id: number } }

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
  const updateIds = [...chats.values()].flatMap(({ messages }) =>
    messages.map(({ updateId }) => updateId ?? 0),
  )
  return (
    <>
      <Header
        view={view}
        isConnected={isConnected}
        lastUpdateId={Math.max(0, ...updateIds)}
        onUpdate={(updateId) => setSelection({ updateId })}
      />
      <div class="stage">
        <main class="phones" aria-label="Learners">
          {view.learners.map((learner) => (
            <Phone
              key={learner.id}
              learner={learner}
              chat={chats.get(learner.id)}
              recordings={view.recordings}
              sentences={view.sentences}
              selectedId={
                selection?.message?.learnerId === learner.id ? selection.message.id : undefined
              }
              onSelect={(message) =>
                message.updateId !== null &&
                setSelection({
                  updateId: message.updateId,
                  message: { learnerId: learner.id, id: message.id },
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
