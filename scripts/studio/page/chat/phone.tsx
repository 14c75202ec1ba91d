import { useEffect, useRef, useState } from 'preact/hooks'
import type { Act, ChatView, LearnerView, MessageView, RecordingView } from '../../view.ts'
import { act, type Problem } from '../studio/ask.ts'
import { Composer } from './composer.tsx'
import { EmptyChat } from './empty-chat.tsx'
import { Message } from './message.tsx'
import { Notice } from './notice.tsx'
import { PhoneHead } from './phone-head.tsx'
import { useAutoplay } from './use-autoplay.ts'

export type PhoneProps = {
  learner: LearnerView
  chat: ChatView | undefined
  recordings: RecordingView[]
  sentences: string[]
  selectedId: number | undefined
  onSelect(message: MessageView): void
}

/** What the learner is about to do with a message. */
export type Draft = { kind: 'reply' | 'edit'; message: MessageView }

const DAY = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' })

/** One learner's Telegram: the chat with Honzík. */
export function Phone(props: PhoneProps) {
  const { learner, chat, recordings, selectedId, onSelect } = props
  const messages = chat?.messages ?? []
  const [draft, setDraft] = useDraft(messages)
  const [problem, setProblem] = useState<Problem>()
  const [isPlaying, setPlaying] = useState(true)
  useAutoplay(messages, isPlaying)

  async function takeAct(learnerAct: Act): Promise<void> {
    setDraft(undefined)
    setProblem(await act(learner.id, learnerAct))
  }

  return (
    <section class="phone" aria-label={`${learner.name}’s phone`}>
      <PhoneHead
        learner={learner}
        action={chat?.action ?? null}
        isPlaying={isPlaying}
        onPlaying={setPlaying}
        onAct={takeAct}
      />
      <Notice notice={chat?.notice ?? null} problem={problem} />
      <MessageList
        {...{ messages, recordings, selectedId, onSelect }}
        onAct={takeAct}
        onDraft={setDraft}
      />
      <Composer
        learner={learner}
        recordings={recordings}
        sentences={props.sentences}
        draft={draft}
        onDraft={setDraft}
        onAct={takeAct}
        onProblem={setProblem}
      />
    </section>
  )
}

type MessageListProps = Pick<PhoneProps, 'recordings' | 'selectedId' | 'onSelect'> & {
  messages: MessageView[]
  onAct(act: Act): void
  onDraft(draft: Draft): void
}

function MessageList(props: MessageListProps) {
  const { messages, recordings, selectedId, onSelect, onAct, onDraft } = props
  const list = useEnd(messages)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <div class="messages" ref={list} role="log" aria-label="Messages" tabIndex={0}>
      <div>
        {messages.length === 0 && (
          <EmptyChat
            recordings={recordings}
            onSend={({ file }) => onAct({ kind: 'recording', file })}
          />
        )}
        {messages.map((message, index) => (
          <div class="entry" key={message.id}>
            <DayLine message={message} before={messages[index - 1]} />
            <Message
              message={message}
              isSelected={message.id === selectedId}
              onSelect={() => onSelect(message)}
              onAct={onAct}
              onDraft={onDraft}
            />
          </div>
        ))}
      </div>
    </div>
  )
}

/** The day above its first message. */
function DayLine({ message, before }: { message: MessageView; before: MessageView | undefined }) {
  const day = DAY.format(message.at)
  return before !== undefined && day === DAY.format(before.at) ? null : <p class="day">{day}</p>
}

/** The draft, which a question of the bot's that wants a reply opens by itself. */
function useDraft(messages: MessageView[]) {
  const [draft, setDraft] = useState<Draft | undefined>()
  const question = messages.at(-1)?.forceReply ? messages.at(-1) : undefined
  useEffect(() => {
    if (question) setDraft({ kind: 'reply', message: question })
  }, [question?.id])
  return [draft, setDraft] as const
}

/**
 * Keeps the end of the list in view, unless the person has scrolled up to read. Messages grow after they are drawn, too: by an
 * edit, by buttons, by a photo.
 */
function useEnd(messages: MessageView[]) {
  const list = useRef<HTMLDivElement>(null)
  const isAtEnd = useRef(true)
  useEffect(() => {
    const element = list.current
    if (!element) return
    let lastTop = 0
    const look = () => {
      const { scrollHeight, scrollTop, clientHeight } = element
      // What grows moves the end away; only a person moves up.
      const isNear = scrollHeight - scrollTop - clientHeight < 120
      isAtEnd.current = isNear || (isAtEnd.current && scrollTop >= lastTop)
      lastTop = scrollTop
    }
    const follow = () => {
      if (isAtEnd.current) element.scrollTop = element.scrollHeight
    }
    const growth = new ResizeObserver(follow)
    for (const part of [element, element.firstElementChild]) if (part) growth.observe(part)
    element.addEventListener('scroll', look, { passive: true })
    return () => {
      growth.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [])
  useEffect(() => {
    const element = list.current
    if (messages.at(-1)?.author === 'learner') isAtEnd.current = true
    if (element && isAtEnd.current) element.scrollTop = element.scrollHeight
  }, [messages])
  return list
}
