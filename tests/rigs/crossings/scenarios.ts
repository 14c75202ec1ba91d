import type { ChatMessage } from '../../../scripts/studio/telegram/chats.ts'
import type { Learner } from '../../../scripts/studio/telegram/learner.ts'
import { ASIDE_SCENARIOS } from './aside-scenarios.ts'
import { CACHED_LESSON } from './cached-lesson.ts'
import { JOB_SCENARIOS } from './job-scenarios.ts'
import { apiSender, telegramSender } from './scenario-senders.ts'
import {
  asksFor,
  awaitAnswer,
  awaitButton,
  awaitMessage,
  awaitWelcome,
  bytes,
  FIRST_MESSAGE,
  isText,
  isVerdict,
  isVoice,
  JOB_END,
  LESSON_WRITE,
  NEWCOMER,
  newcomer,
  ONE_LESSON,
  pressSender,
  register,
  SAID,
  type Scenario,
  VOICE_SEND,
  voiceSender,
} from './scenario-steps.ts'
import type { Pair } from './takeover-pair.ts'
import { TRY_FIRST_SCENARIOS } from './try-first-scenarios.ts'

const OTHER_WORDS = 'Dneska je venku moc hezky.'
const REPLACEMENT = 'retakes: replace, to be sent #1'

/** Everything that is stopped at each of its crossings. A later feature adds a row. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'voice lesson',
    async prepare(pair, id) {
      const learner = await register(pair, id)
      return voiceSender(pair, learner)
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
    name: 'tap that turns memory off',
    async prepare(pair, id) {
      const learner = await register(pair, id)
      const data = 'memory-set:off'
      const messageId = await awaitAnswer(pair, learner, '/memory', data)
      return pressSender(pair, learner, messageId, data, 'memory-set:on')
    },
    pays: {},
    sends: {},
    shows: {},
    leaves: NEWCOMER,
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
      const question = await awaitQuestion(pair, learner)
      return telegramSender(pair.world, learner, () =>
        learner.says(OTHER_WORDS, { reply_to_message: question.message }),
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
  ...TRY_FIRST_SCENARIOS,
  ...ASIDE_SCENARIOS,
  ...JOB_SCENARIOS,
  CACHED_LESSON,
]

function caller(id: number) {
  return { user_id: String(id), native_language: 'en' }
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
