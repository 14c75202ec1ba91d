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
  const [text, setText] = useState('')
  const [isRecording, setRecording] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  const replyTo = draft?.kind === 'reply' ? draft.message.id : undefined

  useEffect(() => {
    if (draft?.kind === 'edit') setText(draft.message.text)
    if (draft) field.current?.focus({ preventScroll: true })
  }, [draft])

  function send(): void {
    const words = text.trim()
    if (words === '') return
    setText('')
    if (draft?.kind === 'edit') onAct({ kind: 'edit', messageId: draft.message.id, text: words })
    else onAct({ kind: 'text', text: words, replyTo })
  }

  async function sendNote(ogg: Blob): Promise<void> {
    props.onDraft(undefined)
    props.onProblem(await sendVoice(learner.id, ogg, replyTo))
  }

  async function attach(file: File): Promise<void> {
    props.onDraft(undefined)
    props.onProblem(await sendFile(learner.id, file, replyTo))
  }

  if (learner.hasBlocked) {
    return (
      <div class="composer">
        <button type="button" class="unblock" onClick={() => onAct({ kind: 'block', isOn: false })}>
          Unblock the bot
        </button>
      </div>
    )
  }
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
            <textarea
              ref={field}
              rows={1}
              aria-label={`Message from ${learner.name}`}
              placeholder={draft?.message.forceReply?.placeholder || 'Message'}
              value={text}
              onInput={({ currentTarget }) => setText(currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
                event.preventDefault()
                send()
              }}
            />
            <Attachment onFile={attach} />
          </>
        )}
        {text.trim() === '' ? (
          <Microphone onNote={sendNote} onRecording={setRecording} onProblem={props.onProblem} />
        ) : (
          <button type="button" class="round send" aria-label="Send" onClick={send}>
            <Icon name="send" />
          </button>
        )}
      </div>
    </div>
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
