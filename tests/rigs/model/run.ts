import type { RecordedRequest } from '../../../scripts/studio/openai/stand-in.ts'
import type { Call } from '../../../scripts/studio/telegram/calls.ts'
import type { ArrangedFault } from '../../../scripts/studio/telegram/faults.ts'
import type { Learner } from '../../../scripts/studio/telegram/learner.ts'
import type { Update } from '../../../scripts/studio/telegram/objects.ts'
import type { Instance, Route } from './instance.ts'
import type { Settings } from './settings.ts'
import type { ModelWorld } from './world.ts'

/** What a learner did on Telegram. */
export type Delivery = {
  kind: 'lesson' | 'no-lesson' | 'command' | 'tap'
  /** The update and its copies: one of them becomes the job. */
  updates: Update[]
  chat: ModelChat
  /** What a lesson can come of it as, and what is in it. */
  lessonKind?: 'voice' | 'text'
  said?: string
  /** The recording's hash, as the provider sees it. */
  audioSha256?: string
  /** The message of the question that it replies to. */
  questionId?: number
}

/** A chat on Telegram; `isKnown` where it has a learner from the start, the others get one by talking. */
export type ModelChat = {
  learner: Learner
  isKnown: boolean
  lastDate: number
  /** Its learner has asked to be deleted, and may have come back as another one. */
  isDeleted: boolean
}

/** A request to the lesson API, repeated until it has a final answer. */
export type ApiRequest = {
  key: string
  client: string
  said: string
  lessonKind: 'voice' | 'text'
  audioSha256?: string
  ask(): Promise<void>
  /** Its answer is replayed for a day. */
  canBeAskedAgain(): boolean
  answers: { status: number; body: { code?: string; detail?: string; lesson_id?: number } }[]
  isUnderWay(): boolean
}

/** How many of each kind of command, fault and result there were. */
export type Figures = Record<
  | 'runs'
  | 'commands'
  | 'deliveries'
  | 'duplicates'
  | 'faults'
  | 'kills'
  | 'breaks'
  | 'lapses'
  | 'jumps'
  | 'lessons'
  | 'retakes'
  | 'withdrawals'
  | 'erased'
  | 'dead'
  | 'repeats'
  | 'lostJobs'
  | 'doubledJobs',
  number
>

/** One run of the model: learners of its own, instances of its own, and what was done in it. */
export type Run = {
  world: ModelWorld
  settings: Settings
  chats: readonly ModelChat[]
  deliveries: Delivery[]
  apiRequests: ApiRequest[]
  count: Figures
  /** The log lines of living instances, a JSON object each. */
  logLines: string[]
  living(): readonly Instance[]
  startInstance(): Promise<void>
  /** Hands a request to an instance; where none lives, one is started. */
  fetch(route: Route, request: Request): Promise<Response>
  /** Runs an act after so many more pieces on any connection, before the next one passes. */
  atPiece(pieces: number, act: (instance: Instance) => void | Promise<void>): void
  /** Removes the acts that still wait for a piece. */
  disarm(): void
  arrange(fault: ArrangedFault): void
  /** Cancels all faults that have not happened yet. */
  recover(): void
  /** Resolves when every delivery is acknowledged, every request answered and nothing is running. */
  quiet(): Promise<void>
  /** The Bot API calls and the providers' requests of this run. */
  calls(): Call[]
  requests(): RecordedRequest[]
  close(): Promise<void>
}

/** Gives every chat a learner id of its own. */
let learnerCount = 0

const CHATS = 3
/** How many of the last chats belong to strangers, who have not answered the questions of /start. */
const STRANGERS = 1
/** More instances would only take connections. */
export const MAX_INSTANCES = 3

/** Begins a run on empty tables. */
export async function beginRun(world: ModelWorld, settings: Settings): Promise<Run> {
  const { telegram, openai } = world
  await world.clear()
  world.clock.setRight()
  const instances: Instance[] = []
  const plan = planActs()
  const faults: ArrangedFault[] = []
  const logLines: string[] = []
  const chats = await Promise.all(Array.from({ length: CHATS }, (_, at) => openChat(world, at)))
  const firstCall = telegram.calls.length
  const firstRequest = openai.requests.length
  let next = 0

  const run: Run = {
    world,
    settings,
    chats,
    deliveries: [],
    apiRequests: [],
    count: noFigures(),
    logLines,
    living: () => instances.filter((instance) => instance.isAlive()),
    async startInstance() {
      const print = (line: string) => void logLines.push(line)
      const instance = await world.start(settings, { onPiece: plan.passPiece, print })
      if (!instances.includes(instance)) instances.push(instance)
    },
    async fetch(route, request) {
      if (run.living().length === 0) await run.startInstance()
      const living = run.living()
      next += 1
      const instance = living[next % living.length]
      return instance?.fetch(route, request) ?? new Response(null, { status: 502 })
    },
    atPiece: plan.add,
    disarm: plan.clear,
    arrange(fault) {
      faults.push(fault)
    },
    recover() {
      for (const fault of faults.splice(0)) fault.cancel()
      openai.recover()
    },
    async quiet() {
      do {
        await telegram.settled()
        await Promise.all(instances.map((instance) => instance.idle()))
      } while (
        telegram.pendingCount() > 0 ||
        run.apiRequests.some((apiRequest) => apiRequest.isUnderWay())
      )
    },
    calls: () => telegram.calls.slice(firstCall),
    requests: () => openai.requests.slice(firstRequest),
    async close() {
      run.disarm()
      run.recover()
      await run.quiet()
      if (world.isReal) await Promise.all(instances.map((instance) => instance.close()))
    },
  }
  world.route((request) => run.fetch('webhook', request))
  for (let at = 0; at < settings.instances; at += 1) await run.startInstance()
  return run
}

/** Acts that wait for a number of pieces to pass on any connection. */
function planActs() {
  const acts: { left: number; act: (instance: Instance) => void | Promise<void> }[] = []
  return {
    add(pieces: number, act: (instance: Instance) => void | Promise<void>): void {
      acts.push({ left: pieces, act })
    },
    clear(): void {
      acts.length = 0
    },
    /** Counts one piece, and runs the acts that are due before it passes. */
    async passPiece(instance: Instance): Promise<void> {
      for (const plannedAct of acts) plannedAct.left -= 1
      const dueActs = acts.filter(({ left }) => left <= 0)
      for (const plannedAct of dueActs) acts.splice(acts.indexOf(plannedAct), 1)
      for (const { act } of dueActs) await act(instance)
    },
  }
}

export function noFigures(): Figures {
  return {
    runs: 0,
    commands: 0,
    deliveries: 0,
    duplicates: 0,
    faults: 0,
    kills: 0,
    breaks: 0,
    lapses: 0,
    jumps: 0,
    lessons: 0,
    retakes: 0,
    withdrawals: 0,
    erased: 0,
    dead: 0,
    repeats: 0,
    lostJobs: 0,
    doubledJobs: 0,
  }
}

async function openChat({ db, telegram }: ModelWorld, at: number): Promise<ModelChat> {
  learnerCount += 1
  const id = 1_000 + learnerCount
  const learner = telegram.learner({ id, first_name: 'Olena', language_code: 'uk' })
  const isKnown = at < CHATS - STRANGERS
  if (isKnown) {
    await db.insertInto('learner').values({ telegram_id: id, native_language: 'uk' }).execute()
    await showButtons(telegram, id)
  }
  return { learner, isKnown, lastDate: 0, isDeleted: false }
}

/** What an earlier /start has left in the chat: a question with its buttons. */
async function showButtons({ url, token }: ModelWorld['telegram'], chatId: number): Promise<void> {
  const buttons = ['uk', 'ru', 'en'].map((code) => ({
    text: code,
    callback_data: `native:${code}`,
  }))
  await fetch(`${url}/bot${token}/sendMessage`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      chat_id: chatId,
      text: 'Якою мовою?',
      reply_markup: { inline_keyboard: [buttons] },
    }),
  })
}
