import type { RecordingView } from '../../view.ts'
import { Icon } from '../ui/icon.tsx'

/** A chat without a message: one click sends the first voice note. */
export function EmptyChat(props: {
  recordings: RecordingView[]
  onSend(recording: RecordingView): void
}) {
  const [first] = props.recordings
  if (!first) return null
  return (
    <div class="empty-chat">
      <p class="greeting" lang="cs">
        Ahoj!
      </p>
      <p>
        I am Honzík. Say something in Czech, and I answer with a voice message and tell you what was
        wrong with yours. No Czech yet? Borrow a sentence:
      </p>
      <button type="button" class="first-note" onClick={() => props.onSend(first)}>
        <span class="round">
          <Icon name="play" />
        </span>
        <span>
          <strong lang="cs">{first.text}</strong>
          <small>Send this voice message</small>
        </span>
      </button>
      <p class="hint">Or press the microphone below, or type.</p>
    </div>
  )
}
