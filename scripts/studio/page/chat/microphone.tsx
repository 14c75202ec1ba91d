import { useEffect, useRef, useState } from 'preact/hooks'
import { type Recorder, startRecorder } from '../audio/recorder.ts'
import type { Problem } from '../studio/ask.ts'
import { Icon } from '../ui/icon.tsx'
import { clockFace } from './voice-note.tsx'

/** As long as Telegram's own button: what is shorter was a slip. */
const SHORTEST_MS = 500

export type MicrophoneProps = {
  onNote(ogg: Blob): Promise<void>
  onRecording(isRecording: boolean): void
  onProblem(problem: Problem): void
}

/** Records a voice note: one press begins, the next one sends. */
export function Microphone({ onNote, onRecording, onProblem }: MicrophoneProps) {
  const recorder = useRef<Recorder | undefined>(undefined)
  const [startedAt, setStartedAt] = useState<number | undefined>()

  async function begin(): Promise<void> {
    try {
      recorder.current = await startRecorder()
      setStartedAt(Date.now())
      onRecording(true)
      onProblem(undefined)
    } catch (error) {
      // The person may refuse, or have no microphone: both are said.
      onProblem(`No microphone: ${error instanceof Error ? error.message : error}`)
    }
  }

  async function end(isSent: boolean): Promise<void> {
    const recording = recorder.current
    const ms = Date.now() - (startedAt ?? Date.now())
    recorder.current = undefined
    setStartedAt(undefined)
    onRecording(false)
    try {
      const ogg = await recording?.stop()
      if (isSent && ogg && ms >= SHORTEST_MS) await onNote(ogg)
    } catch (error) {
      // A browser that can neither remux nor encode Opus says so.
      onProblem(error instanceof Error ? error.message : String(error))
    }
  }

  if (startedAt === undefined) {
    return (
      <button
        type="button"
        class="round send"
        aria-label="Record a voice message"
        onClick={() => void begin()}
      >
        <Icon name="microphone" />
      </button>
    )
  }
  return (
    <div class="recording">
      <button type="button" aria-label="Throw the recording away" onClick={() => void end(false)}>
        <Icon name="bin" />
      </button>
      <Elapsed since={startedAt} />
      <button
        type="button"
        class="round send"
        aria-label="Send the recording"
        onClick={() => void end(true)}
      >
        <Icon name="send" />
      </button>
    </div>
  )
}

function Elapsed({ since }: { since: number }) {
  const [now, setNow] = useState(Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 200)
    return () => clearInterval(timer)
  }, [])
  return (
    <p role="timer">
      <span class="dot" /> {clockFace(Math.floor((now - since) / 1000))} recording
    </p>
  )
}
