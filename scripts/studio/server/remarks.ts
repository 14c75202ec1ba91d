import { imitationOf, utteranceOf } from '../imitation.ts'
import type { LogLine } from '../log-lines.ts'
import type { RecordedRequest } from '../openai/stand-in.ts'
import { recordings, sha256 } from '../openai/transcription.ts'
import type { ChatMessage } from '../telegram/chats.ts'
import type { TelegramStandIn } from '../telegram/stand-in.ts'
import type { MessageRemarks } from './chat-view.ts'
import type { StudioLearner, StudioLearners } from './learners.ts'

type Stage = RecordedRequest['stage']
/** `utterances` are what the tutor was given as the learner's words. */
type UpdateRemarks = { imitations: Map<Stage, string>; utterances: Set<string>; costUsd: number }

export type Remarks = Awaited<ReturnType<typeof openRemarks>>

/** Which stages a message shows the work of, where its update asked for them. */
const SHOWN: Readonly<Record<'learner' | 'text' | 'voice', readonly Stage[]>> = {
  learner: ['transcribe'],
  text: ['transcribe', 'reply'],
  voice: ['reply', 'speak'],
}

/** Finds out, from what the stand-in was asked and from the log, what of a message was imitated and what it cost. */
export async function openRemarks(telegram: TelegramStandIn, learners: StudioLearners) {
  const knownHashes = new Set((await recordings()).map(({ bytes }) => sha256(bytes)))
  const updates = new Map<number, UpdateRemarks>()

  function at(updateId: number): UpdateRemarks {
    const remarks = updates.get(updateId) ?? {
      imitations: new Map<Stage, string>(),
      utterances: new Set<string>(),
      costUsd: 0,
    }
    updates.set(updateId, remarks)
    return remarks
  }

  /** The update of a learner's newest message that passes a test. */
  function newestUpdate(matches: (message: ChatMessage) => boolean): number | undefined {
    const found = learners.list().flatMap((learner) => {
      const message = telegram
        .chat(learner.id)
        .messages.findLast((candidate) => candidate.author === 'learner' && matches(candidate))
      return message ? [{ message, updateId: updateOf(learner, message) }] : []
    })
    const [newest] = found.toSorted((a, b) => b.message.message.date - a.message.message.date)
    return newest?.updateId ?? undefined
  }

  function newestAct(): number | undefined {
    const ids = learners.list().flatMap((learner) => learner.updates.map(({ id }) => id))
    return ids.length === 0 ? undefined : Math.max(...ids)
  }

  function updateOfRequest(request: RecordedRequest): number | undefined {
    if (request.stage === 'transcribe') {
      return newestUpdate(({ file }) => !!file && sha256(file.bytes) === request.audioSha256)
    }
    const words = utteranceOf(request)
    return newestUpdate(({ text }) => text !== '' && text === words) ?? newestAct()
  }

  return {
    noteRequest(request: RecordedRequest): void {
      const updateId = updateOfRequest(request)
      if (updateId === undefined) return
      const remarks = at(updateId)
      remarks.imitations.set(request.stage, imitationOf(request, knownHashes))
      if (request.stage === 'reply') remarks.utterances.add(utteranceOf(request))
    },

    noteLog({ update_id: updateId, cost_micro_usd: cost }: LogLine): void {
      if (typeof updateId !== 'number' || typeof cost !== 'number') return
      at(updateId).costUsd += cost / 1_000_000
    },

    /** `isFree` where no stage is real: then nothing is paid, whatever the list prices say. */
    of(learner: StudioLearner, message: ChatMessage, isFree: boolean): MessageRemarks {
      const updateId = updateOf(learner, message)
      const remarks = updateId === null ? undefined : updates.get(updateId)
      const isVoice = message.file?.kind === 'voice'
      const isPress = learner.updates.some(({ id, messageId }) => id === updateId && !messageId)
      const isOwn = message.author === 'learner'
      const isOfTutor = isVoice || isPress || (remarks && isAbout(message, remarks.utterances))
      const shown = isOwn ? SHOWN.learner : isVoice ? SHOWN.voice : isOfTutor ? SHOWN.text : []
      const cost = isFree || isOwn || !isOfTutor ? 0 : (remarks?.costUsd ?? 0)
      return {
        updateId,
        imitations: shown.flatMap((stage) => remarks?.imitations.get(stage) ?? []),
        costUsd: cost === 0 ? null : cost,
      }
    },
  }
}

/** The update that a message came with; of the bot's, the newest one that was there before it was sent. */
function updateOf({ updates }: StudioLearner, { id, author, call }: ChatMessage): number | null {
  const found =
    author === 'learner'
      ? updates.find(({ messageId }) => messageId === id)
      : updates.findLast((update) => update.call <= (call ?? 0))
  return found?.id ?? null
}

/** Whether a message shows, now or before an edit, all words that the tutor was given; other messages are the bot's own. */
function isAbout({ text, revisions }: ChatMessage, utterances: ReadonlySet<string>): boolean {
  const versions = [text, ...revisions.map((revision) => revision.text ?? '')]
  return [...utterances].some((utterance) => {
    const words = utterance.match(/[\p{L}\d]+/gu) ?? []
    return versions.some((version) => words.every((word) => version.includes(word)))
  })
}
