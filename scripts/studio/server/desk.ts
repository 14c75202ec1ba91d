import type { ServerResponse } from 'node:http'
import type { Environment } from '../../cli/env-file.ts'
import { partsOf } from '../cast.ts'
import { type Clock, type ClockMessage, isClockMessage } from '../clock/clock.ts'
import type { DevProduct } from '../dev-product.ts'
import { type LogLine, troubleOf } from '../log-lines.ts'
import type { RecordedRequest } from '../openai/stand-in.ts'
import { recordings } from '../openai/transcription.ts'
import { SENTENCES } from '../openai/tutor/sentences.ts'
import type { RecordingView, StudioView, TroubleView } from '../view.ts'
import { createBroadcast } from './broadcast.ts'
import { chatView } from './chat-view.ts'
import { createLearners, type StudioLearners } from './learners.ts'
import { menuIn } from './menu.ts'
import { openRemarks, type Remarks } from './remarks.ts'
import type { StudioDesk } from './routes.ts'

const ADAM = { id: 42, name: 'Adam', language: 'en' }
/** How many of the last troubles a page gets. */
const TROUBLES = 5
/** Longer than a restart of the functions. */
const CLOCK_SET_MS = 10_000

export type DeskOptions = { outer: Environment; apiKey: string; clock: Clock }

/** What there is to show once the product has been started. */
type Cast = { product: DevProduct; learners: StudioLearners; remarks: Remarks }

/** Holds what the pages show, and tells them what changes. It shows a product after `begin`. */
export async function openDesk({ outer, apiKey, clock }: DeskOptions) {
  const broadcast = createBroadcast()
  const functions: StudioView['functions'] = { url: null, isAnswering: false }
  const recordingViews = await readRecordings()
  const clockReport = createClockReport()
  const parts = partsOf(outer)
  const isTutorReal = parts.some(({ name, isImitated }) => name === 'tutor' && !isImitated)
  let troubles: TroubleView[] = []
  let nextTroubleId = 1
  let cast: Cast | undefined

  function tellStudio(onlyPage?: ServerResponse): void {
    const view: StudioView = {
      parts,
      functions,
      apiKey,
      clockAheadMs: clock.aheadMs(),
      learners: learnerViews(cast?.learners),
      recordings: recordingViews,
      sentences: isTutorReal ? [] : SENTENCES.map(({ said }) => said),
      troubles,
    }
    broadcast.send('studio', view, onlyPage)
  }

  function tellChat(learnerId: number, onlyPage?: ServerResponse): void {
    const learner = cast?.learners.list().find(({ id }) => id === learnerId)
    const chat = cast?.product.telegram?.chat(learnerId)
    if (!cast || !learner || !chat) return
    const { remarks } = cast
    broadcast.send(
      'chat',
      chatView(chat, (message) => remarks.of(learner, message)),
      onlyPage,
    )
  }

  function tellChats(onlyPage?: ServerResponse): void {
    for (const { id } of cast?.learners.list() ?? []) tellChat(id, onlyPage)
  }

  function noteTrouble(words: string | undefined, updateId: number | null = null): void {
    if (words === undefined) return
    troubles = [...troubles, { id: nextTroubleId, words, updateId }].slice(-TROUBLES)
    nextTroubleId += 1
    tellStudio()
  }

  /** The functions no longer answer, until they say that they listen. */
  function noteAway(): void {
    functions.isAnswering = false
    tellStudio()
  }

  async function moveClock(product: DevProduct, message: ClockMessage): Promise<void> {
    const isSet = clockReport.next()
    product.functions.send(message)
    await isSet
    tellStudio()
  }

  async function begin(product: DevProduct): Promise<StudioDesk> {
    const { telegram, openai } = product
    if (!telegram) throw new Error('The studio needs the stand-in of Telegram')
    const learners = createLearners(telegram)
    learners.add(ADAM)
    cast = { product, learners, remarks: await openRemarks(openai.url, parts) }
    return {
      file: telegram.file,
      newestUpdate: learners.newestUpdate,
      sendVoice: learners.sendVoice,
      sendFile: learners.sendFile,
      async act(id, act) {
        await learners.act(id, act)
        tellStudio()
      },
      addLearner(learner) {
        // New in every run: the database may know those of an earlier one.
        const id = Math.floor(clock.now() / 1000) + learners.list().length
        learners.add({ id, ...learner })
        tellStudio()
        tellChat(id)
      },
      moveClock: (step) => moveClock(product, clock.move(step)),
      watch(response) {
        broadcast.open(response)
        tellStudio(response)
        tellChats(response)
      },
    }
  }

  return {
    begin,
    close: broadcast.close,
    noteAway,
    noteTrouble: (words: string | undefined): void => noteTrouble(words),
    // After the call that it belongs to: that one is then on record.
    noteEvent: (chatId: number): void => queueMicrotask(() => tellChat(chatId)),
    noteRequest: (request: RecordedRequest): void => cast?.remarks.noteRequest(request),
    noteLog(line: LogLine): void {
      const { update_id: updateId } = line
      noteTrouble(troubleOf(line), typeof updateId === 'number' ? updateId : null)
      if (cast?.remarks.noteLog(line)) tellChats()
    },
    noteListening(url: string): void {
      Object.assign(functions, { url, isAnswering: true })
      tellStudio()
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

/** Lets callers wait until the functions' process has set its clock; where it never says so, for a while. */
function createClockReport() {
  const waiters = new Set<() => void>()

  return {
    next(): Promise<void> {
      return new Promise((resolve) => {
        const end = () => {
          clearTimeout(timer)
          waiters.delete(end)
          resolve()
        }
        const timer = setTimeout(end, CLOCK_SET_MS)
        waiters.add(end)
      })
    },
    set(): void {
      for (const end of waiters) end()
    },
  }
}

function learnerViews(learners: StudioLearners | undefined): StudioView['learners'] {
  return (learners?.list() ?? []).map(({ act: _, updates: __, ...learner }) => ({
    ...learner,
    commands: menuIn(learner.language),
  }))
}

async function readRecordings(): Promise<RecordingView[]> {
  return (await recordings()).map(({ file, text, languages, durationSeconds }) => ({
    file,
    text,
    language: languages[0] ?? '',
    seconds: durationSeconds,
  }))
}
