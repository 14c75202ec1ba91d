import type { Latency, OpenaiStandIn, Stage } from '../../scripts/studio/openai/stand-in.ts'
import type { TelegramStandIn } from '../../scripts/studio/telegram/stand-in.ts'

type World = { openai: OpenaiStandIn; telegram: TelegramStandIn }

/** Where in a lesson the process is killed, and what that costs. */
type KillPoint = {
  when: string
  latency?: Partial<Latency>
  /** Stops the lesson there: something never answers. */
  stop(world: World): void
  /** Whether what is in flight at that point has been begun. */
  isBegun(world: World): boolean
  /** The steps that the journal holds by then, in alphabetical order. */
  done: string[]
  /** Lessons recorded by then. */
  recorded: 0 | 1
  /** Requests of both processes together, where a stage is paid more than once. */
  paid?: Partial<Record<Stage, number>>
  /** What may have reached the learner twice: its sending was unknowable. */
  doubled?: 'heard' | 'voice'
  /** Sends begun again although the first one may have arrived. */
  unknowable?: 1
}

const HANG = { kind: 'hang' } as const
const LOST_ANSWER = { kind: 'hang', when: 'after' } as const
const hasPerformed = (telegram: TelegramStandIn, method: string) =>
  telegram.callsOf(method).some(({ wasPerformed }) => wasPerformed)

/** Where a lesson can be cut off: at each wait for a neighbour, before and after its effect. */
export const KILL_POINTS: readonly KillPoint[] = [
  {
    when: 'before anything is paid: the voice note is being downloaded',
    stop: ({ telegram }) => telegram.failNext('downloadFile', HANG),
    isBegun: ({ telegram }) => telegram.callsOf('downloadFile').length === 1,
    done: [],
    recorded: 0,
  },
  {
    when: 'while the voice note is being transcribed',
    stop: ({ openai }) => openai.failNext('transcribe', HANG),
    isBegun: ({ openai }) => openai.count('transcribe') === 1,
    done: [],
    recorded: 0,
    paid: { transcribe: 2 },
  },
  {
    when: 'when it is transcribed and shown, before the reply has begun',
    stop: ({ openai }) => openai.failNext('reply', HANG),
    isBegun: ({ openai }) => openai.count('reply') === 1,
    done: ['heard', 'transcribe'],
    recorded: 0,
    paid: { reply: 2 },
  },
  {
    when: 'when what was heard has reached Telegram, and its answer has not reached us',
    stop({ openai, telegram }) {
      openai.failNext('reply', HANG)
      telegram.failNext('sendMessage', LOST_ANSWER)
    },
    isBegun: ({ openai, telegram }) =>
      openai.count('reply') === 1 && hasPerformed(telegram, 'sendMessage'),
    done: ['transcribe'],
    recorded: 0,
    paid: { reply: 2 },
    doubled: 'heard',
    unknowable: 1,
  },
  {
    when: 'while the corrections stream and the reply is being spoken already',
    latency: { tokensPerSecond: 20 },
    stop: ({ openai }) => openai.failNext('speak', HANG),
    isBegun: ({ openai }) => openai.count('speak') >= 1,
    done: ['heard', 'transcribe'],
    recorded: 0,
    paid: { reply: 2, speak: 2 },
  },
  {
    when: 'when the lesson is recorded and its verdict shown, while the reply is being spoken',
    stop: ({ openai }) => openai.failNext('speak', HANG),
    isBegun: ({ openai, telegram }) =>
      openai.count('speak') >= 1 && hasPerformed(telegram, 'editMessageText'),
    done: ['heard', 'reply', 'transcribe'],
    recorded: 1,
    paid: { speak: 2 },
  },
  {
    when: 'when the lesson is recorded, before its verdict has reached Telegram',
    stop({ openai, telegram }) {
      openai.failNext('speak', HANG)
      telegram.failNext('editMessageText', HANG)
    },
    isBegun: ({ openai, telegram }) =>
      openai.count('speak') >= 1 && telegram.callsOf('editMessageText').length === 1,
    done: ['heard', 'reply', 'transcribe'],
    recorded: 1,
    paid: { speak: 2 },
  },
  {
    when: 'while the voice note is on its way to Telegram',
    stop: ({ telegram }) => telegram.failNext('sendVoice', HANG),
    isBegun: ({ telegram }) =>
      telegram.callsOf('sendVoice').length === 1 && hasPerformed(telegram, 'editMessageText'),
    done: ['given', 'heard', 'reply', 'speak', 'transcribe'],
    recorded: 1,
    unknowable: 1,
  },
  {
    when: 'when the voice note has reached Telegram, and its answer has not reached us',
    stop: ({ telegram }) => telegram.failNext('sendVoice', LOST_ANSWER),
    isBegun: ({ telegram }) =>
      hasPerformed(telegram, 'sendVoice') && hasPerformed(telegram, 'editMessageText'),
    done: ['given', 'heard', 'reply', 'speak', 'transcribe'],
    recorded: 1,
    doubled: 'voice',
    unknowable: 1,
  },
]
