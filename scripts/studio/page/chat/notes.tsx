import { useState } from 'preact/hooks'
import type { RecordingView } from '../../view.ts'
import { Icon } from '../ui/icon.tsx'

export type NotesProps = {
  recordings: RecordingView[]
  sentences: string[]
  onSend(file: string): void
  onSay(sentence: string): void
}

/** What is ready to be said: voice notes, and behind a button all sentences that the imitated tutor knows by heart. */
export function Notes({ recordings, sentences, onSend, onSay }: NotesProps) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <fieldset class="notes" aria-label="Ready-made voice messages">
        {sentences.length > 0 && (
          <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            <Icon name={isOpen ? 'cross' : 'menu'} />
            <span>{isOpen ? 'Close' : 'Sentences to try'}</span>
          </button>
        )}
        {recordings.map(({ file, text, language, seconds }) => (
          <button type="button" key={file} onClick={() => onSend(file)} title={`${seconds} s`}>
            <Icon name="play" />
            <span lang={language}>{text || 'silence'}</span>
          </button>
        ))}
      </fieldset>
      {isOpen && (
        <fieldset class="notes sentences" aria-label="Sentences that the tutor knows by heart">
          {sentences.map((sentence) => (
            <button
              type="button"
              key={sentence}
              lang="cs"
              onClick={() => {
                setOpen(false)
                onSay(sentence)
              }}
            >
              <span>{sentence}</span>
            </button>
          ))}
        </fieldset>
      )}
    </>
  )
}
