import { setTimeout as delay } from 'node:timers/promises'
import { pgLearners } from '../../../lib/adapters/postgres/learners.ts'
import type { Stage } from '../../../scripts/studio/openai/stand-in.ts'
import { recordings } from '../../../scripts/studio/openai/transcription.ts'
import type { ChatMessage } from '../../../scripts/studio/telegram/chats.ts'
import type { Learner } from '../../../scripts/studio/telegram/learner.ts'
import { apiSender, type Sender, telegramSender } from './scenario-senders.ts'
import type { Pair } from './takeover-pair.ts'
import type { Holding } from './takeover-state.ts'

/** One act of a learner or an API client, and all that must result from it, wherever its process is stopped. */
export type Scenario = {
  name: string
  /** Leads a new learner or client to where the scenario begins. */
  prepare(pair: Pair, id: number): Promise<Sender>
  /** The paid stages, and the first crossing at which others see what each returned: by then the result is stored. */
  pays: Readonly<Partial<Record<Stage, string>>>
  /** The journalled sends by their step, and which of the new messages are theirs: each message belongs to one. */
  sends: Readonly<Record<string, (message: ChatMessage) => boolean>>
  /** What the chat must show once in the end, even where a send was repeated. */
  shows: Readonly<Record<string, (message: ChatMessage) => boolean>>
  /** The learner's rows in the end; undefined where there is no learner. */
  leaves: Holding | undefined
}

const [note] = await recordings()
if (note === undefined) throw new Error('The recordings are missing.')
const { bytes, text: SAID, durationSeconds } = note

const OTHER_WORDS = 'Dneska je venku moc hezky.'

const isVoice = ({ file }: ChatMessage) => file?.kind === 'voice'
const isText = ({ file }: ChatMessage) => file === null
const asksFor = (data: string) => (message: ChatMessage) =>
  message.buttons.some(({ callback_data }) => callback_data?.startsWith(data))
/** The corrected word: it is in the verdict and in nothing that was said. */
const isVerdict = (message: ChatMessage) => isText(message) && message.text.includes('obchodu')

const FIRST_MESSAGE = 'telegram: sendMessage, to be sent #1'
const LESSON_WRITE = 'lessons: write, to be sent #1'
const VOICE_SEND = 'telegram: sendVoice, to be sent #1'
const REPLACEMENT = 'retakes: replace, to be sent #1'
const JOB_END = 'inbox: finish, to be sent #1'

const NEWCOMER = {
  nativeLanguage: 'en',
  level: 'beginner',
  lessons: [],
  stars: [],
  places: [],
  maxStreak: 0,
}
const ONE_LESSON = { ...NEWCOMER, stars: [2], maxStreak: 1 }

/** Everything that is stopped at each of its crossings. A later feature adds a row. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'voice lesson',
    async prepare(pair, id) {
      const learner = await register(pair, id)
      const duration = Math.round(durationSeconds)
      return telegramSender(pair.world, learner, () => learner.sendsVoice(bytes, { duration }))
    },
    pays: { transcribe: FIRST_MESSAGE, reply: LESSON_WRITE, speak: VOICE_SEND },
    sends: { heard: isText, voice: isVoice },
    shows: { verdict: isVerdict },
    leaves: { ...ONE_LESSON, lessons: ['voice'], places: ['voice 1'] },
  },
  {
    name: 'text lesson',
    async prepare(pair, id) {
      const learner = await register(pair, id)
      return telegramSender(pair.world, learner, () => learner.says(SAID))
    },
    pays: { reply: LESSON_WRITE, speak: VOICE_SEND },
    sends: { verdict: isVerdict, voice: isVoice },
    shows: {},
    leaves: { ...ONE_LESSON, lessons: ['text'], places: ['text 1'] },
  },
  {
    name: 'text of a stranger',
    async prepare(pair, id) {
      const learner = newcomer(pair, id)
      return telegramSender(pair.world, learner, () => learner.says(SAID))
    },
    pays: { reply: LESSON_WRITE, speak: VOICE_SEND },
    sends: { verdict: isVerdict, voice: isVoice, 'choose-native': asksFor('native') },
    shows: {},
    leaves: { ...ONE_LESSON, lessons: ['text'], places: ['text 1'] },
  },
  {
    name: 'photo of an album',
    async prepare(pair, id) {
      const learner = await register(pair, id)
      const photo = [{ file_id: 'photo', file_unique_id: 'photo' }]
      return telegramSender(pair.world, learner, () =>
        learner.sends({ photo, media_group_id: `album of ${id}` }),
      )
    },
    pays: {},
    sends: { unsupported: isText },
    shows: {},
    leaves: NEWCOMER,
  },
  {
    name: '/start',
    async prepare(pair, id) {
      const learner = newcomer(pair, id)
      return telegramSender(pair.world, learner, () => learner.says('/start'))
    },
    pays: {},
    sends: {
      welcome: (message) => !asksFor('native')(message),
      'choose-native': asksFor('native'),
    },
    shows: {},
    leaves: undefined,
  },
  {
    name: 'tap on a native language',
    async prepare(pair, id) {
      const learner = newcomer(pair, id)
      const data = 'native:en'
      const messageId = await awaitWelcome(pair, learner, data)
      return pressSender(pair, learner, messageId, data)
    },
    pays: {},
    sends: { 'choose-level': asksFor('level') },
    shows: {},
    leaves: NEWCOMER,
  },
  {
    name: 'tap on a level',
    async prepare(pair, id) {
      const learner = newcomer(pair, id)
      const native = 'native:en'
      learner.taps(await awaitWelcome(pair, learner, native), native)
      const level = 'level:intermediate'
      const messageId = await awaitButton(pair, learner, level)
      return pressSender(pair, learner, messageId, level)
    },
    pays: {},
    sends: { ready: isText },
    shows: {},
    leaves: { ...NEWCOMER, level: 'intermediate' },
  },
  {
    name: 'tap on the card of settings',
    async prepare(pair, id) {
      const learner = await register(pair, id)
      const level = 'card-level:advanced'
      const messageId = await awaitAnswer(pair, learner, '/level', level)
      return pressSender(pair, learner, messageId, level, 'card:level')
    },
    pays: {},
    sends: {},
    shows: {},
    leaves: { ...NEWCOMER, level: 'advanced' },
  },
  {
    name: 'tap on the deletion of all',
    async prepare(pair, id) {
      const learner = await register(pair, id)
      const data = 'delete-me:yes'
      const messageId = await awaitAnswer(pair, learner, '/delete_me', data)
      return pressSender(pair, learner, messageId, data)
    },
    pays: {},
    sends: {},
    shows: {},
    leaves: undefined,
  },
  {
    name: 'other words for a lesson',
    async prepare(pair, id) {
      const learner = await register(pair, id)
      const asked = await awaitQuestion(pair, learner)
      return telegramSender(pair.world, learner, () =>
        learner.says(OTHER_WORDS, { reply_to_message: asked.message }),
      )
    },
    pays: { reply: REPLACEMENT, speak: VOICE_SEND },
    sends: { verdict: (message) => isText(message) && message.text.includes('🎯'), voice: isVoice },
    shows: {},
    leaves: { ...ONE_LESSON, lessons: ['text'], places: ['text 1', 'unheard 1'] },
  },
  {
    name: 'voice lesson over the API',
    prepare: async ({ apiKey }, id) => apiSender(apiKey, { ...caller(id), audio: bytes }),
    pays: { transcribe: LESSON_WRITE, reply: LESSON_WRITE, speak: JOB_END },
    sends: {},
    shows: {},
    leaves: { ...ONE_LESSON, lessons: ['voice'], places: ['voice 1'] },
  },
  {
    name: 'voice lesson over the API, told by events',
    prepare: async ({ apiKey }, id) =>
      apiSender(apiKey, { ...caller(id), audio: bytes }, { accept: 'text/event-stream' }),
    pays: { transcribe: LESSON_WRITE, reply: LESSON_WRITE, speak: JOB_END },
    sends: {},
    shows: {},
    leaves: { ...ONE_LESSON, lessons: ['voice'], places: ['voice 1'] },
  },
  {
    name: 'text lesson over the API',
    prepare: async ({ apiKey }, id) => apiSender(apiKey, { ...caller(id), text: SAID }),
    pays: { reply: LESSON_WRITE, speak: JOB_END },
    sends: {},
    shows: {},
    leaves: { ...ONE_LESSON, lessons: ['text'], places: ['text 1'] },
  },
]

function caller(id: number) {
  return { user_id: String(id), native_language: 'en' }
}

function newcomer({ world }: Pair, id: number): Learner {
  return world.telegram.learner({ id, first_name: 'Anna', language_code: 'en' })
}

async function register(pair: Pair, id: number): Promise<Learner> {
  await pgLearners(pair.world.db).chooseNativeLanguage(id, 'en')
  return newcomer(pair, id)
}

/**
 * Presses a button: in the end its spinner has stopped, and the question has no buttons any more, or this one.
 */
function pressSender(
  pair: Pair,
  learner: Learner,
  messageId: number,
  data: string,
  laterData?: string,
): Sender {
  const { telegram } = pair.world
  let queryId: string | undefined
  const press = () => {
    const update = learner.taps(messageId, data)
    queryId = update.callback_query.id
    return update
  }
  return telegramSender(pair.world, learner, press, () => {
    const question = telegram.chat(learner.chat.id).messages.find(({ id }) => id === messageId)
    const isDone = (message: ChatMessage | undefined) =>
      laterData === undefined
        ? message?.buttons.length === 0
        : message?.buttons.some(({ callback_data }) => callback_data === laterData)
    const isAnswered = telegram
      .callsOf('answerCallbackQuery')
      .some(({ payload, wasPerformed }) => payload.callback_query_id === queryId && wasPerformed)
    return [
      ...(isAnswered ? [] : ['the press was not answered']),
      ...(isDone(question) ? [] : ['the buttons are not those of the end']),
    ]
  })
}

/** Says /start to the survivor; the message that then has the button. */
function awaitWelcome(pair: Pair, learner: Learner, data: string): Promise<number> {
  return awaitAnswer(pair, learner, '/start', data)
}

/** Says a command to the survivor; the message that then has the button. */
async function awaitAnswer(
  pair: Pair,
  learner: Learner,
  command: string,
  data: string,
): Promise<number> {
  pair.world.deliverTo(pair.survivor)
  learner.says(command)
  return awaitButton(pair, learner, data)
}

/** Has the survivor teach a lesson and ask what was really said; the question. */
async function awaitQuestion(pair: Pair, learner: Learner): Promise<ChatMessage> {
  const { telegram } = pair.world
  const messageId = await awaitAnswer(pair, learner, SAID, 'lesson-retake')
  const verdict = telegram.chat(learner.chat.id).messages.find(({ id }) => id === messageId)
  const button = verdict?.buttons.find(({ callback_data }) =>
    callback_data?.startsWith('lesson-retake'),
  )
  learner.taps(messageId, button?.callback_data ?? '')
  const question = await awaitMessage(pair, learner, ({ markup }) => markup?.force_reply === true)
  await awaitMessage(pair, learner, isVoice)
  return question
}

async function awaitButton(pair: Pair, learner: Learner, data: string): Promise<number> {
  return (await awaitMessage(pair, learner, asksFor(data))).id
}

async function awaitMessage(
  { world }: Pair,
  learner: Learner,
  isIt: (message: ChatMessage) => boolean,
): Promise<ChatMessage> {
  for (let poll = 0; poll < 1_000; poll += 1) {
    const message = world.telegram.chat(learner.chat.id).messages.find(isIt)
    if (message !== undefined) return message
    await delay(20)
  }
  throw new Error('The message that the scenario waits for was not shown.')
}
