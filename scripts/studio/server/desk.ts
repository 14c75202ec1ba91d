import type { ServerResponse } from 'node:http'
import type { Environment } from '../../cli/env-file.ts'
import { partsOf } from '../cast.ts'
import { type Clock, isClockMessage } from '../clock/clock.ts'
import type { DevProduct } from '../dev-product.ts'
import { type LogLine, troubleOf } from '../log-lines.ts'
import type { RecordedRequest } from '../openai/stand-in.ts'
import { recordings } from '../openai/transcription.ts'
import { SENTENCES } from '../openai/tutor/sentences.ts'
import type { TelegramStandIn } from '../telegram/stand-in.ts'
import type { StudioView, TroubleView } from '../view.ts'
import { type Broadcast, createBroadcast } from './broadcast.ts'
import { chatView } from './chat-view.ts'
import { type ClockReport, createClockReport } from './clock-report.ts'
import { createLearners, type StudioLearners } from './learners.ts'
import { menuIn } from './menu.ts'
import { openRemarks, type Remarks } from './remarks.ts'
import type { StudioDesk } from './routes.ts'

const ADAM = { id: 42, name: 'Adam', language: 'en' }
/** How many of the last troubles a page gets. */
const TROUBLES = 5

export type DeskOptions = { outer: Environment; apiKey: string; clock: Clock }

/** What there is to show once the product has been started. */
type Cast = { product: DevProduct; learners: StudioLearners; remarks: Remarks }

export type Desk = Awaited<ReturnType<typeof openDesk>>

/** Holds what the pages show, and tells them what changes. It shows a product after `begin`. */
export async function openDesk({ outer, apiKey, clock }: DeskOptions) {
  const broadcast = createBroadcast()
  const functions: StudioView['functions'] = { url: null, isAnswering: false }
  const clockReport = createClockReport()
  const parts = partsOf(outer)
  const readyWords = await readReadyWords(parts)
  const troubles = createTroubles()
  let cast: Cast | undefined
  const studioView = (): StudioView => ({
    parts,
    functions,
    apiKey,
    clockAheadMs: clock.aheadMs(),
    learners: learnerViews(cast?.learners),
    ...readyWords,
    troubles: troubles.list(),
  })
  const tell = telling(broadcast, studioView, () => cast)

  function noteTrouble(words: string | undefined, updateId: number | null = null): void {
    if (words === undefined) return
    troubles.add(words, updateId)
    tell.studio()
  }

  /** The functions no longer answer, until they say that they listen. */
  function noteAway(): void {
    functions.isAnswering = false
    tell.studio()
  }

  return {
    async begin(product: DevProduct): Promise<StudioDesk> {
      const { telegram, openai } = product
      if (!telegram) throw new Error('The studio needs the stand-in of Telegram')
      const learners = createLearners(telegram)
      learners.add(ADAM)
      cast = { product, learners, remarks: await openRemarks(openai.url, parts) }
      return deskOf(cast, telegram, { broadcast, clock, clockReport, tell })
    },
    close: broadcast.close,
    noteAway,
    noteTrouble: (words: string | undefined): void => noteTrouble(words),
    // After the call that it belongs to: that one is then on record.
    noteEvent: (chatId: number): void => queueMicrotask(() => tell.chat(chatId)),
    noteRequest: (request: RecordedRequest): void => cast?.remarks.noteRequest(request),
    noteLog(line: LogLine): void {
      const { update_id: updateId } = line
      noteTrouble(troubleOf(line), typeof updateId === 'number' ? updateId : null)
      if (cast?.remarks.noteLog(line)) tell.chats()
    },
    noteListening(url: string): void {
      Object.assign(functions, { url, isAnswering: true })
      tell.studio()
    },
    noteMessage(message: unknown): void {
      if (isClockMessage(message)) clockReport.set()
    },
    /** What the functions print besides their log: that they restart, or why they cannot. */
    notePrinted(line: string): void {
      console.log(line)
      if (/^(Restarting|Failed running|Completed running)/.test(line)) noteAway()
    },
  }
}

type Tell = ReturnType<typeof telling>

/** Tells all pages, or only one, what the studio and its chats look like now. */
function telling(
  broadcast: Broadcast,
  studioView: () => StudioView,
  castNow: () => Cast | undefined,
) {
  function chat(learnerId: number, onlyPage?: ServerResponse): void {
    const cast = castNow()
    const learner = cast?.learners.list().find(({ id }) => id === learnerId)
    const chat = cast?.product.telegram?.chat(learnerId)
    if (!cast || !learner || !chat) return
    const view = chatView(chat, (message) => cast.remarks.of(learner, message))
    broadcast.send('chat', view, onlyPage)
  }

  return {
    studio: (onlyPage?: ServerResponse): void => broadcast.send('studio', studioView(), onlyPage),
    chat,
    chats(onlyPage?: ServerResponse): void {
      for (const { id } of castNow()?.learners.list() ?? []) chat(id, onlyPage)
    },
  }
}

/** What a page can do with the product that has begun. */
function deskOf(
  { product, learners }: Cast,
  telegram: TelegramStandIn,
  tools: { broadcast: Broadcast; clock: Clock; clockReport: ClockReport; tell: Tell },
): StudioDesk {
  const { broadcast, clock, clockReport, tell } = tools
  return {
    file: telegram.file,
    newestUpdate: learners.newestUpdate,
    sendVoice: learners.sendVoice,
    sendFile: learners.sendFile,
    async act(id, act) {
      await learners.act(id, act)
      tell.studio()
    },
    addLearner(learner) {
      // New in every run: the database may know those of an earlier one.
      const id = Math.floor(clock.now() / 1000) + learners.list().length
      learners.add({ id, ...learner })
      tell.studio()
      tell.chat(id)
    },
    async moveClock(step) {
      const message = clock.move(step)
      const isSet = clockReport.next()
      product.functions.send(message)
      await isSet
      tell.studio()
    },
    watch(response) {
      broadcast.open(response)
      tell.studio(response)
      tell.chats(response)
    },
  }
}

/** The last troubles, numbered. */
function createTroubles() {
  let troubles: TroubleView[] = []
  let nextId = 1
  return {
    list: () => troubles,
    add(words: string, updateId: number | null): void {
      troubles = [...troubles, { id: nextId, words, updateId }].slice(-TROUBLES)
      nextId += 1
    },
  }
}

function learnerViews(learners: StudioLearners | undefined): StudioView['learners'] {
  return (learners?.list() ?? []).map(({ act: _, updates: __, ...learner }) => ({
    ...learner,
    commands: menuIn(learner.language),
  }))
}

/** What a learner can say at a click; the sentences are those that the imitated tutor knows by heart. */
async function readReadyWords(
  parts: StudioView['parts'],
): Promise<Pick<StudioView, 'recordings' | 'sentences'>> {
  const isTutorReal = parts.some(({ name, isImitated }) => name === 'tutor' && !isImitated)
  return {
    recordings: (await recordings()).map(({ file, text, languages, durationSeconds }) => ({
      file,
      text,
      language: languages[0] ?? '',
      seconds: durationSeconds,
    })),
    sentences: isTutorReal ? [] : SENTENCES.map(({ said }) => said),
  }
}
