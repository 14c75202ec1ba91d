import type { AlertTarget } from '../../../lib/app/alert/delivery.ts'
import { MEMORY_SOURCE } from '../../../lib/app/memory/memory.ts'
import type { Learner } from '../../../scripts/studio/telegram/learner.ts'
import { jobSender, type Sender, type SentMessage } from './scenario-senders.ts'
import {
  awaitAnswer,
  awaitButton,
  awaitMessage,
  isText,
  isVoice,
  ONE_LESSON,
  register,
  type Scenario,
} from './scenario-steps.ts'
import { OPERATOR_CHAT, type Pair } from './takeover-pair.ts'
import { until } from './takeover-watch.ts'

const NAME = 'Jmenuji se Olena.'
const HOME = 'Bydlím v Brně.'
const SHORT_LESSON = { ...ONE_LESSON, stars: [1] }
const KEEP = 'keep: begin, to be sent #1'
const REMEMBERING = { pays: { reply: KEEP }, steps: { reply: 'remember' }, sends: {}, shows: {} }

/** Jobs that no message and no press is answered by: what is paid and sent there, too, is paid and sent once. */
export const JOB_SCENARIOS: readonly Scenario[] = [
  {
    name: 'alert in a chat',
    prepare: async (pair, id) => alertSender(pair, id, 'chat'),
    sweeps: true,
    pays: {},
    sends: { alert: isText },
    shows: {},
    leaves: undefined,
  },
  {
    name: 'alert at a URL',
    prepare: async (pair, id) => alertSender(pair, id, 'webhook'),
    sweeps: true,
    pays: {},
    sends: { alert: ({ text }) => text === 'slow' },
    shows: {},
    leaves: undefined,
  },
  {
    name: 'memory of a lesson',
    async prepare(pair, id) {
      const learner = await register(pair, id)
      await awaitAnswer(pair, learner, NAME, 'aside-answers')
      return memorySender(pair, learner, ['is called Olena'])
    },
    sweeps: true,
    ...REMEMBERING,
    leaves: { ...SHORT_LESSON, lessons: ['text'], places: ['memory 1', 'text 1'] },
  },
  {
    name: 'memory of a lesson that is withdrawn meanwhile',
    async prepare(pair, id) {
      const learner = await register(pair, id)
      const withdraw = await awaitWithdrawal(pair, learner, NAME)
      learner.says(HOME)
      await until(() => notesTo(pair, learner) === 2)
      return memorySender(pair, learner, ['lives in Brně'], withdraw)
    },
    sweeps: true,
    ...REMEMBERING,
    leaves: {
      ...SHORT_LESSON,
      lessons: ['text', 'text'],
      places: ['memory 1', 'text 2', 'unheard 1'],
    },
  },
]

function alertSender({ world, postedAlerts }: Pair, id: number, target: AlertTarget): Sender {
  const alert = { kind: 'slow', summary: 'a', fix: 'b', since: '2026-11-28T12:00', link: null }
  const ofChat = (): SentMessage[] => world.telegram.chat(OPERATOR_CHAT).messages
  const ofUrl = () => postedAlerts.map((kind) => ({ text: kind, file: null, buttons: [] }))
  const deliveries = target === 'chat' ? ofChat : ofUrl
  const { length: before } = deliveries()
  const job = {
    source: `alert:${target}`,
    key: `proof ${id}`,
    lane: `alert:${target}`,
    slots: 'background',
    payload: new TextEncoder().encode(JSON.stringify({ target, alert })),
  } as const
  return jobSender(world, job, { newMessages: () => deliveries().slice(before) })
}

function notesTo({ world }: Pair, { chat }: Learner): number {
  return world.telegram.chat(chat.id).messages.filter(isVoice).length
}

/** The job that looks for facts in a learner's lessons; these are all that is remembered in the end. */
async function memorySender(
  { world }: Pair,
  { user }: Learner,
  facts: readonly string[],
  beforeRepeat?: () => Promise<void>,
): Promise<Sender> {
  const { db } = world
  const { id } = await db
    .selectFrom('learner')
    .select('id')
    .where('telegram_id', '=', user.id)
    .executeTakeFirstOrThrow()
  const job = {
    ...MEMORY_SOURCE,
    key: `proof ${user.id}`,
    lane: `memory:${id}`,
    payload: new Uint8Array(),
    learnerId: id,
  }
  return jobSender(world, job, {
    ...(beforeRepeat && { beforeRepeat }),
    async problems() {
      const rows = await db.selectFrom('fact').select('text').where('learner_id', '=', id).execute()
      const factTexts = JSON.stringify(rows.map(({ text }) => text))
      return factTexts === JSON.stringify(facts) ? [] : [`remembered: ${factTexts}`]
    },
  })
}

/** Has the survivor teach a lesson and ask what was really said; what then takes the lesson back. */
async function awaitWithdrawal(pair: Pair, learner: Learner, said: string) {
  const { telegram } = pair.world
  const messageId = await awaitAnswer(pair, learner, said, 'lesson-retake')
  const verdict = () =>
    telegram.chat(learner.chat.id).messages.find((message) => message.id === messageId)
  const press = (name: string) => {
    const button = verdict()?.buttons.find(({ callback_data }) => callback_data?.startsWith(name))
    learner.taps(messageId, button?.callback_data ?? '')
  }
  press('lesson-retake')
  await awaitMessage(pair, learner, ({ markup }) => markup?.force_reply === true)
  await awaitButton(pair, learner, 'lesson-withdraw')
  return async () => {
    pair.world.deliverTo(pair.survivor)
    press('lesson-withdraw')
    await awaitMessage(pair, learner, ({ text }) => text.startsWith('↩️'))
  }
}
