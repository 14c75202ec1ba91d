import { Disclosure } from '../ui/disclosure.tsx'
import { Icon } from '../ui/icon.tsx'
import type { MessageProps } from './message.tsx'

/** What can be done with a message. */
export function MessageMenu({ message, onAct, onDraft, onSelect }: MessageProps) {
  const isOwnText = message.author === 'learner' && message.media === null
  return (
    <Disclosure label="What to do with this message" face={<Icon name="dots" />} class="menu">
      {(close) => {
        const item = (words: string, run: () => void) => (
          <button
            type="button"
            onClick={() => {
              close()
              run()
            }}
          >
            {words}
          </button>
        )
        return (
          <>
            {item('Reply', () => onDraft({ kind: 'reply', message }))}
            {isOwnText && item('Edit', () => onDraft({ kind: 'edit', message }))}
            {item('Delete for both', () => onAct({ kind: 'delete', messageId: message.id }))}
            {message.updateId !== null && item('The way of its update', onSelect)}
          </>
        )
      }}
    </Disclosure>
  )
}
