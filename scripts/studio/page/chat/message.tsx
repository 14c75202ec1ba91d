import { useEffect, useRef } from 'preact/hooks'
import type { Act, MessageView } from '../../view.ts'
import { Icon } from '../ui/icon.tsx'
import { Imitations } from './imitations.tsx'
import { Keyboard } from './keyboard.tsx'
import { MessageMenu } from './message-menu.tsx'
import type { Draft } from './phone.tsx'
import { RichText } from './rich-text.tsx'
import { VoiceNote } from './voice-note.tsx'

export type MessageProps = {
  message: MessageView
  isSelected: boolean
  onSelect(): void
  onAct(act: Act): void
  onDraft(draft: Draft): void
}

const TIME = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })

/** One message as Telegram shows it, with the buttons under it. */
export function Message(props: MessageProps) {
  const { message, isSelected, onAct } = props
  const { author, text, entities, buttons } = message
  const element = useRef<HTMLElement>(null)
  useEffect(() => {
    // The panel that opens beside the phones may push its own away.
    if (isSelected) element.current?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [isSelected])
  return (
    <article
      ref={element}
      class={`message by-${author} ${isSelected ? 'selected' : ''}`}
      aria-label={author === 'bot' ? 'Honzík' : 'You'}
      data-message-id={message.id}
      data-file={message.media?.file.url}
    >
      {/* A mouse may click anywhere; by the keyboard the menu has the same. */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: see above */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: see above */}
      <div class="bubble" onClick={(event) => isPlain(event.target) && props.onSelect()}>
        <Quote message={message} />
        <Media message={message} />
        {text !== '' && (
          <div class="text" lang="">
            <RichText
              text={text}
              entities={entities}
              onCommand={(command) => onAct({ kind: 'text', text: command })}
            />
          </div>
        )}
        <Footer {...props} />
      </div>
      <Keyboard
        rows={buttons}
        onTap={(data) => onAct({ kind: 'tap', messageId: message.id, data })}
      />
    </article>
  )
}

/** The message that this one replies to. */
function Quote({ message: { replyTo } }: { message: MessageView }) {
  if (!replyTo) return null
  return (
    <p class="reply-to">
      <strong>{replyTo.author === 'bot' ? 'Honzík' : 'You'}</strong> {replyTo.text}
    </p>
  )
}

function Footer(props: MessageProps) {
  const { message } = props
  const reactions = message.reactions.join(' ')
  return (
    <footer>
      <Imitations message={message} />
      {reactions !== '' && (
        <span class="reactions" role="img" aria-label={`Reaction: ${reactions}`}>
          {reactions}
        </span>
      )}
      <span class="time">
        {message.isEdited && 'edited '}
        {TIME.format(message.at)}
      </span>
      <MessageMenu {...props} />
    </footer>
  )
}

/** Whether a click is on the message itself, not on something in it that does something. */
function isPlain(target: EventTarget | null): boolean {
  const isElement = target instanceof Element
  if (!isElement || target.closest('button, a, input, summary, details, [role="button"]'))
    return false
  return window.getSelection()?.isCollapsed ?? true
}

function Media({ message: { media } }: { message: MessageView }) {
  if (!media) return null
  const { kind, file } = media
  if (kind === 'voice' || kind === 'audio') return <VoiceNote file={file} />
  if (kind === 'photo' || kind === 'sticker') {
    return <img class={kind} src={file.url} alt={kind === 'photo' ? 'A photo' : 'A sticker'} />
  }
  return (
    <a class="document" href={file.url} download={file.name}>
      <span class="round">
        <Icon name="file" />
      </span>
      <span>
        <strong>{file.name}</strong>
        <small>{sizeOf(file.bytes)}</small>
      </span>
    </a>
  )
}

function sizeOf(bytes: number): string {
  return bytes < 1024 ? `${bytes} B` : `${(bytes / 1024).toFixed(1)} kB`
}
