import { setTimeout as delay } from 'node:timers/promises'
import { pgLearners } from '../../../lib/adapters/postgres/learners.ts'
import type { Learner } from '../../../scripts/studio/telegram/learner.ts'
import { type SentMessage, telegramSender } from './scenario-senders.ts'
import {
  awaitButton,
  FIRST_MESSAGE,
  isText,
  isVerdict,
  isVoice,
  JOB_END,
  LESSON_WRITE,
  ONE_LESSON,
  pressSender,
  register,
  SAID,
  type Scenario,
  VOICE_SEND,
  voiceSender,
} from './scenario-steps.ts'
import type { Pair } from './takeover-pair.ts'

const SHOW = 'lesson-show'
const CLAIM = 'expectations: claim, to be sent #1'
const SOMETHING_ELSE = 'Dneska je venku moc hezky.'

const isHint = (message: SentMessage) => isText(message) && message.text.includes('💡 Which case')

/** A learner who tries first: the hint, and all that may come next. */
export const TRY_FIRST_SCENARIOS: readonly Scenario[] = [
  {
    name: 'voice lesson that ends in a hint',
    async prepare(pair, id) {
      const learner = await registerTrier(pair, id)
      return voiceSender(pair, learner)
    },
    pays: { transcribe: FIRST_MESSAGE, reply: LESSON_WRITE, speak: JOB_END },
    sends: { heard: isText },
    shows: { hint: isHint },
    leaves: { ...ONE_LESSON, lessons: ['voice'], places: ['voice 1'] },
  },
  {
    name: 'tap on Show me',
    async prepare(pair, id) {
      const { learner, hint, data } = await awaitHint(pair, id)
      return pressSender(pair, learner, hint, data, data.replace(SHOW, 'lesson-retake'))
    },
    pays: {},
    sends: { voice: isVoice },
    shows: {},
    leaves: { ...ONE_LESSON, lessons: ['text'], places: ['text 1'] },
  },
  {
    name: 'attempt in writing',
    async prepare(pair, id) {
      const { learner } = await awaitHint(pair, id)
      const right = SAID.replace('obchod', 'obchodu')
      return telegramSender(pair.world, learner, () => learner.says(right))
    },
    pays: {},
    sends: {
      verdict: (message) => isVerdict(message) && message.text.startsWith('🎉'),
      voice: isVoice,
    },
    shows: {},
    leaves: { ...ONE_LESSON, stars: [1, 2], lessons: ['text'], places: ['text 1'] },
  },
  {
    name: 'attempt by voice',
    async prepare(pair, id) {
      const { learner } = await awaitHint(pair, id)
      return voiceSender(pair, learner)
    },
    pays: { transcribe: CLAIM },
    sends: {
      verdict: (message) => isVerdict(message) && message.text.startsWith('🤔'),
      voice: isVoice,
    },
    shows: {},
    leaves: { ...ONE_LESSON, lessons: ['text'], places: ['text 1', 'unheard 1'] },
  },
  {
    name: 'something else behind a hint',
    async prepare(pair, id) {
      const { learner } = await awaitHint(pair, id)
      return telegramSender(pair.world, learner, () => learner.says(SOMETHING_ELSE))
    },
    pays: { reply: LESSON_WRITE, speak: VOICE_SEND },
    sends: { verdict: (message) => isText(message) && message.text.includes('🎯'), voice: isVoice },
    shows: {},
    leaves: {
      ...ONE_LESSON,
      stars: [2, 2],
      lessons: ['text', 'text'],
      places: ['text 1', 'text 2'],
    },
  },
]

async function registerTrier(pair: Pair, id: number): Promise<Learner> {
  const learner = await register(pair, id)
  await pgLearners(pair.world.db).choose(id, { answersToMistakes: 'try_first' })
  return learner
}

/** Has the survivor teach a lesson that ends in a hint; its message, and the data of the button under it. */
async function awaitHint(pair: Pair, id: number) {
  const { world, survivor } = pair
  const learner = await registerTrier(pair, id)
  world.deliverTo(survivor)
  learner.says(SAID)
  const hint = await awaitButton(pair, learner, SHOW)
  const message = world.telegram
    .chat(learner.chat.id)
    .messages.find((candidate) => candidate.id === hint)
  const data = message?.buttons[0]?.callback_data ?? ''
  await awaitEnd(pair, data.slice(SHOW.length + 1))
  return { learner, hint, data }
}

/** Waits until the job of a hint has ended: then its voice note is held back. */
async function awaitEnd({ world: { db } }: Pair, jobId: string): Promise<void> {
  for (let poll = 0; poll < 1_000; poll += 1) {
    const row = await db
      .selectFrom('inbox')
      .select('state')
      .where('id', '=', Number(jobId))
      .executeTakeFirst()
    if (row?.state === 'done') return
    await delay(20)
  }
  throw new Error(`The job ${jobId} of the hint did not end.`)
}
