import type { RefObject } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Act, LearnerView, RecordingView } from '../../view.ts'
import { type Problem, sendFile, sendVoice } from '../studio/ask.ts'
import { Disclosure } from '../ui/disclosure.tsx'
import { Icon } from '../ui/icon.tsx'
import { Microphone } from './microphone.tsx'
import { Notes } from './notes.tsx'
import type { Draft } from './phone.tsx'

export type ComposerProps = {
  learner: LearnerView
  recordings: RecordingView[]
  sentences: string[]
  draft: Draft | undefined
  onDraft(draft: Draft | undefined): void
  onAct(act: Act): void
  onProblem(problem: Problem): void
}

/** Where the learner writes, speaks, or takes a command from the menu. */
export function Composer(props: ComposerProps) {
  const { learner, draft, onAct } = props
  const { text, setText, field } = useDraftedText(draft)
  const [isRecording, setRecording] = useState(false)
  const replyTo = draft?.kind === 'reply' ? draft.message.id : undefined

  function send(): void {
    const words = text.trim()
    if (words === '') return
    setText('')
    if (draft?.kind === 'edit') onAct({ kind: 'edit', messageId: draft.message.id, text: words })
    else onAct({ kind: 'text', text: words, replyTo })
  }

  async function upload(uploading: Promise<Problem>): Promise<void> {
    props.onDraft(undefined)
    props.onProblem(await uploading)
  }

  if (learner.hasBlocked) return <Unblock onAct={onAct} />
  return (
    <div class="composer">
      <Notes
        recordings={props.recordings}
        sentences={props.sentences}
        onSend={(file) => onAct({ kind: 'recording', file, replyTo })}
        onSay={(sentence) => onAct({ kind: 'text', text: sentence, replyTo })}
      />
      {draft && <DraftBar draft={draft} onCancel={() => props.onDraft(undefined)} />}
      <div class="line">
        {!isRecording && (
          <>
            <CommandsMenu
              learner={learner}
              onCommand={(command) => onAct({ kind: 'text', text: command })}
            />
            <MessageField {...{ field, learner, draft, text }} onText={setText} onSend={send} />
            <Attachment onFile={(file) => upload(sendFile(learner.id, file, replyTo))} />
          </>
        )}
        {text.trim() === '' ? (
          <Microphone
            onNote={(ogg) => upload(sendVoice(learner.id, ogg, replyTo))}
            onRecording={setRecording}
            onProblem={props.onProblem}
          />
        ) : (
          <button type="button" class="round send" aria-label="Send" onClick={send}>
            <Icon name="send" />
          </button>
        )}
      </div>
    </div>
  )
}

/** What is being written, and its field: a draft puts the caret there, an edit also the words that it changes. */
function useDraftedText(draft: Draft | undefined) {
  const [text, setText] = useState('')
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    if (draft?.kind === 'edit') setText(draft.message.text)
    if (draft) field.current?.focus({ preventScroll: true })
  }, [draft])
  return { text, setText, field }
}

function Unblock({ onAct }: Pick<ComposerProps, 'onAct'>) {
  return (
    <div class="composer">
      <button type="button" class="unblock" onClick={() => onAct({ kind: 'block', isOn: false })}>
        Unblock the bot
      </button>
    </div>
  )
}

/** Where a message is typed, until Enter sends it. */
function MessageField(props: {
  field: RefObject<HTMLTextAreaElement | null>
  learner: LearnerView
  draft: Draft | undefined
  text: string
  onText(text: string): void
  onSend(): void
}) {
  const { field, learner, draft, text, onText, onSend } = props
  return (
    <textarea
      ref={field}
      rows={1}
      aria-label={`Message from ${learner.name}`}
      placeholder={draft?.message.forceReply?.placeholder || 'Message'}
      value={text}
      onInput={({ currentTarget }) => onText(currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
        event.preventDefault()
        onSend()
      }}
    />
  )
}

function DraftBar({ draft, onCancel }: { draft: Draft; onCancel(): void }) {
  const { kind, message } = draft
  const words = message.text.split('\n')[0] || 'Voice message'
  return (
    <div class="draft">
      <Icon name="reply" />
      <p>
        <strong>{kind === 'reply' ? 'Reply' : 'Edit'}</strong> {words}
      </p>
      <button type="button" aria-label="Cancel" onClick={onCancel}>
        <Icon name="cross" />
      </button>
    </div>
  )
}

/** A picture or another file, as a person sends it. */
function Attachment({ onFile }: { onFile(file: File): void }) {
  return (
    <label class="attachment" title="Attach a file">
      <Icon name="clip" />
      <input
        type="file"
        aria-label="Attach a file"
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0]
          currentTarget.value = ''
          if (file) onFile(file)
        }}
      />
    </label>
  )
}

function CommandsMenu(props: { learner: LearnerView; onCommand(command: string): void }) {
  const { commands, language } = props.learner
  return (
    <Disclosure label="Commands" face={<Icon name="menu" />} class="commands">
      {(close) =>
        commands.map(({ command, description }) => (
          <button
            type="button"
            key={command}
            onClick={() => {
              close()
              props.onCommand(`/${command}`)
            }}
          >
            <strong>/{command}</strong> <span lang={language}>{description}</span>
          </button>
        ))
      }
    </Disclosure>
  )
}
