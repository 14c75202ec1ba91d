import type { ChatMessage } from '../../../scripts/studio/telegram/chats.ts'
import type { Sender } from './scenario-senders.ts'
import {
  awaitAnswer,
  awaitButton,
  isText,
  isVoice,
  ONE_LESSON,
  pressSender,
  register,
  SAID,
  type Scenario,
  VOICE_SEND,
} from './scenario-steps.ts'
import type { Pair } from './takeover-pair.ts'

const KEEP = 'kept-lessons: keep, to be sent #1'
const LEAVES = { ...ONE_LESSON, lessons: ['text'], places: ['aside 1', 'text 1'] }

/** What presses under a reply ask for and pay: a job of their own, which is the one that is looked at. */
export const ASIDE_SCENARIOS: readonly Scenario[] = [
  {
    name: 'press on Translate',
    prepare: (pair, id) =>
      asideSender(pair, id, 'translate', (note) => [
        ...(note.text.includes('\n') ? [] : ['the note has no translation']),
        ...(hasButton(note, 'aside-translate') ? ['the note can be translated again'] : []),
      ]),
    pays: { reply: KEEP },
    steps: { reply: 'translate' },
    sends: {},
    shows: {},
    leaves: LEAVES,
  },
  {
    name: 'press on What can I say?',
    prepare: (pair, id) => asideSender(pair, id, 'answers'),
    pays: { reply: KEEP },
    steps: { reply: 'ready-answers' },
    sends: { answers: isText },
    shows: {},
    leaves: LEAVES,
  },
  {
    name: 'press on Slower',
    prepare: (pair, id) => asideSender(pair, id, 'slower'),
    pays: { speak: VOICE_SEND },
    sends: { slower: isVoice },
    shows: {},
    leaves: LEAVES,
  },
]

function hasButton({ buttons }: ChatMessage, data: string): boolean {
  return buttons.some(({ callback_data }) => callback_data?.startsWith(data))
}

/** Has the survivor teach a lesson; one who presses a button under its reply. The key is that of the job that is asked for. */
async function asideSender(
  pair: Pair,
  id: number,
  kind: 'translate' | 'answers' | 'slower',
  problemsOf: (note: ChatMessage) => string[] = () => [],
): Promise<Sender> {
  const learner = await register(pair, id)
  // Either message of a lesson may come first.
  await awaitAnswer(pair, learner, SAID, 'lesson-retake')
  const messageId = await awaitButton(pair, learner, `aside-${kind}`)
  const findNote = () => {
    const { messages } = pair.world.telegram.chat(learner.chat.id)
    return messages.find((message) => message.id === messageId)
  }
  const button = findNote()?.buttons.find(({ callback_data }) =>
    callback_data?.startsWith(`aside-${kind}`),
  )
  const data = button?.callback_data ?? ''
  const answers = data.replace(/^[^:]+/, 'aside-answers')
  const sender = pressSender(pair, learner, messageId, data, answers)
  return {
    ...sender,
    send(to) {
      sender.send(to)
      return `${data.replace(/^.*:/, '')}:${kind}`
    },
    async problems() {
      const note = findNote()
      return [...(await sender.problems()), ...(note === undefined ? [] : problemsOf(note))]
    },
  }
}
