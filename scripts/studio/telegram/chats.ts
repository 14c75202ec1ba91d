import { badRequest } from './answer.ts'
import type { StoredFile } from './files.ts'
import type { Button, Chat, Message, ReplyMarkup } from './objects.ts'

/** A message as the learner sees it now. */
export type ChatMessage = {
  id: number
  author: 'learner' | 'bot'
  /** Text or caption as read, without markup; '' when there is none. */
  text: string
  /** The buttons under it now, in reading order. */
  buttons: Button[]
  /** The voice note, audio, document, photo or sticker in it. */
  file: StoredFile | null
  /** Its keyboard, inline or for replies, or `force_reply`. */
  markup: ReplyMarkup | null
  /** The bot's reaction to it: at most one emoji. */
  reactions: string[]
  /** The message as the Bot API gives it now. */
  message: Message
  /** The message before each edit, oldest first. */
  revisions: Message[]
  /** `order` of the call that sent it; null for the learner's own. */
  call: number | null
}

/** One thing that happened in a chat; `at` is ms since the epoch, `call` the order of the call that did it. */
export type ChatEvent = { at: number; call: number | null } & (
  | { kind: 'sent'; message: Message }
  | { kind: 'edited'; message: Message }
  | { kind: 'deleted'; messageId: number }
  | { kind: 'reacted'; messageId: number; emoji: string[] }
  | { kind: 'action'; action: string }
  | { kind: 'notice'; queryId: string; text: string; isAlert: boolean }
)

/** `actions` are the chat actions shown so far ('record_voice' and so on), in order. */
export type ChatView = {
  chat: Chat
  messages: ChatMessage[]
  history: ChatEvent[]
  actions: string[]
}

type ChatState = {
  chat: Chat
  nextMessageId: number
  messages: Map<number, ChatMessage>
  history: ChatEvent[]
  isBlocked: boolean
  isVoiceForbidden: boolean
}

export type Chats = ReturnType<typeof createChats>

export type ChatsOptions = {
  now: () => number
  /** The id of the first message in each chat; default 1. */
  firstMessageId?: number | undefined
  /** Called with each event after it has taken place. */
  onEvent?: ((chatId: number, event: ChatEvent) => void) | undefined
}

/** Holds the chats between learners and the bot. Messages are replaced, never changed: a view stays as it was. */
export function createChats({ now, firstMessageId = 1, onEvent }: ChatsOptions) {
  const states = new Map<number, ChatState>()

  function open(chat: Chat): ChatState {
    const standingState = states.get(chat.id)
    if (standingState) return standingState
    const state = newState(chat, firstMessageId)
    states.set(chat.id, state)
    return state
  }

  function get(chatId: number): ChatState {
    const state = states.get(chatId)
    if (!state) throw badRequest('chat not found')
    return state
  }

  function happen(state: ChatState, event: ChatEvent): void {
    state.history.push(event)
    onEvent?.(state.chat.id, event)
  }

  function add(
    message: Message,
    from: Pick<ChatMessage, 'author' | 'file' | 'call' | 'markup'>,
  ): void {
    const state = open(message.chat)
    state.nextMessageId = Math.max(state.nextMessageId, message.message_id + 1)
    state.messages.set(
      message.message_id,
      chatMessage({ ...from, message, revisions: [], reactions: [] }),
    )
    happen(state, { at: now(), call: from.call, kind: 'sent', message })
  }

  return {
    open,
    get,
    add,

    /** The id the next message of a chat gets. */
    nextMessageId: (chat: Chat): number => open(chat).nextMessageId,

    find: (chatId: number, messageId: number): ChatMessage | undefined =>
      states.get(chatId)?.messages.get(messageId),

    replace(oldMessage: ChatMessage, message: Message, call: number | null): void {
      const state = get(message.chat.id)
      const revisions = [...oldMessage.revisions, oldMessage.message]
      state.messages.set(
        oldMessage.id,
        chatMessage({ ...oldMessage, message, revisions, markup: message.reply_markup ?? null }),
      )
      happen(state, { at: now(), call, kind: 'edited', message })
    },

    remove(chatId: number, messageId: number, call: number | null): void {
      const state = get(chatId)
      state.messages.delete(messageId)
      happen(state, { at: now(), call, kind: 'deleted', messageId })
    },

    react(oldMessage: ChatMessage, emoji: string[], call: number): void {
      const state = get(oldMessage.message.chat.id)
      state.messages.set(oldMessage.id, { ...oldMessage, reactions: emoji })
      happen(state, { at: now(), call, kind: 'reacted', messageId: oldMessage.id, emoji })
    },

    show(chatId: number, action: string, call: number): void {
      happen(get(chatId), { at: now(), call, kind: 'action', action })
    },

    notify(
      chatId: number,
      notice: { queryId: string; text: string; isAlert: boolean },
      call: number,
    ) {
      const state = states.get(chatId)
      if (state) happen(state, { at: now(), call, kind: 'notice', ...notice })
    },

    /** What the learner sees in a chat now; an empty chat for one never opened. */
    view: (chatId: number): ChatView =>
      viewOf(states.get(chatId) ?? newState({ id: chatId, type: 'private' }, firstMessageId)),
  }
}

function newState(chat: Chat, firstMessageId: number): ChatState {
  return {
    chat,
    nextMessageId: firstMessageId,
    messages: new Map(),
    history: [],
    isBlocked: false,
    isVoiceForbidden: false,
  }
}

function viewOf({ chat, messages, history }: ChatState): ChatView {
  return {
    chat,
    messages: [...messages.values()],
    history: [...history],
    actions: history.flatMap((event) => (event.kind === 'action' ? [event.action] : [])),
  }
}

function chatMessage(parts: Omit<ChatMessage, 'id' | 'text' | 'buttons'>): ChatMessage {
  const { message } = parts
  return {
    ...parts,
    id: message.message_id,
    text: message.text ?? message.caption ?? '',
    buttons: message.reply_markup?.inline_keyboard?.flat() ?? [],
  }
}
