import type { ServerResponse } from 'node:http'
import type { Environment } from '../../cli/env-file.ts'
import { partsOf } from '../cast.ts'
import type { Clock } from '../clock/clock.ts'
import { isClockMessage } from '../clock/clock.ts'
import type { DevProduct } from '../dev-product.ts'
import { type LogLine, troubleOf } from '../log-lines.ts'
import type { RecordedRequest } from '../openai/stand-in.ts'
import { recordings } from '../openai/transcription.ts'
import type { ChatEvent } from '../telegram/chats.ts'
import type { StudioView } from '../view.ts'
import { createBroadcast } from './broadcast.ts'
import { chatView } from './chat-view.ts'
import { createLearners, type StudioLearners } from './learners.ts'
import { menuIn } from './menu.ts'
import { openRemarks, type Remarks } from './remarks.ts'
import type { StudioDesk } from './routes.ts'

const ADAM = { id: 42, name: 'Adam', language: 'en' }
const TROUBLES = 5
/** Longer than a restart of the functions. */
const CLOCK_SET_MS = 10_000

export type DeskOptions = { outer: Environment; apiKey: string; clock: Clock }

type Parts = { product: DevProduct; learners: StudioLearners; remarks: Remarks }

/** Holds what the pages show, and tells them what changes. It begins when the product that it shows has been started. */
export function openDesk({ outer, apiKey, clock }: DeskOptions) {
  const broadcast = createBroadcast()
  const functions: StudioView['functions'] = { url: null, isAnswering: false }
  const clockSet = new Set<() => void>()
  let troubles: string[] = []
  let parts: Parts | undefined
  let recordingViews: StudioView['recordings'] = []

  function studioView(): StudioView {
    return {
      parts: partsOf(outer),
      functions,
      apiKey,
      clockAheadMs: clock.aheadMs(),
      learners: (parts?.learners.list() ?? []).map(({ act: _, updates: __, ...learner }) => ({
        ...learner,
        commands: menuIn(learner.language),
      })),
      recordings: recordingViews,
      troubles,
    }
  }

  function tellStudio(): void {
    broadcast.send('studio', studioView())
  }

  function tellChat(learnerId: number, only?: ServerResponse): void {
    const learner = parts?.learners.list().find(({ id }) => id === learnerId)
    if (!parts || !learner) return
    const { product, remarks } = parts
    const isFree = partsOf(outer).every(({ isImitated }) => isImitated)
    const chat = product.telegram?.chat(learnerId)
    if (!chat) return
    const view = chatView(chat, (message) => remarks.of(learner, message, isFree))
    broadcast.send('chat', view, only)
  }

  function tellChats(only?: ServerResponse): void {
    for (const { id } of parts?.learners.list() ?? []) tellChat(id, only)
  }

  function noteTrouble(trouble: string | undefined): void {
    if (trouble === undefined) return
    troubles = [...troubles, trouble].slice(-TROUBLES)
    tellStudio()
  }

  return {
    noteTrouble,
    noteEvent: (chatId: number, _event: ChatEvent): void => queueMicrotask(() => tellChat(chatId)),
    noteRequest(request: RecordedRequest): void {
      parts?.remarks.noteRequest(request)
      tellChats()
    },
    noteLog(line: LogLine): void {
      noteTrouble(troubleOf(line))
      parts?.remarks.noteLog(line)
      if ('cost_micro_usd' in line) tellChats()
    },
    noteListening(url: string): void {
      Object.assign(functions, { url, isAnswering: true })
      tellStudio()
    },
    noteMessage(message: unknown): void {
      if (isClockMessage(message)) for (const resolve of clockSet) resolve()
    },
    /** What the functions print besides their log: that they restart, or why they cannot. */
    notePrinted(line: string): void {
      console.log(line)
      if (!/^(Restarting|Failed running|Completed running)/.test(line)) return
      functions.isAnswering = false
      tellStudio()
    },

    async begin(product: DevProduct): Promise<StudioDesk> {
      const { telegram } = product
      if (!telegram) throw new Error('The studio needs the stand-in of Telegram')
      const learners = createLearners(telegram)
      learners.add(ADAM)
      parts = { product, learners, remarks: await openRemarks(telegram, learners) }
      recordingViews = (await recordings()).map(({ file, text, languages, durationSeconds }) => ({
        file,
        text,
        language: languages[0] ?? '',
        seconds: durationSeconds,
      }))
      return {
        learners: {
          ...learners,
          async act(id, act) {
            await learners.act(id, act)
            tellStudio()
          },
        },
        addLearner(learner) {
          // New in every run: the database may know those of an earlier one.
          const id = Math.floor(clock.now() / 1000) + learners.list().length
          learners.add({ id, ...learner })
          tellStudio()
          tellChat(id)
          return id
        },
        async moveClock(by) {
          const isSet = Promise.withResolvers<void>()
          clockSet.add(isSet.resolve)
          product.functions.send(clock.move(by))
          const timer = setTimeout(isSet.resolve, CLOCK_SET_MS)
          await isSet.promise
          clearTimeout(timer)
          clockSet.delete(isSet.resolve)
          tellStudio()
        },
        file: telegram.file,
        watch(response) {
          broadcast.open(response)
          broadcast.send('studio', studioView(), response)
          tellChats(response)
        },
      }
    },
    close: broadcast.close,
  }
}
