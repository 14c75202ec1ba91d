import { IMITATED_VOICE, imitationOf, utteranceOf } from '../imitation.ts'
import type { LogLine } from '../log-lines.ts'
import type { RecordedRequest } from '../openai/stand-in.ts'
import { recordings, sha256 } from '../openai/transcription.ts'
import type { ChatMessage } from '../telegram/chats.ts'
import type { PartView } from '../view.ts'
import type { MessageRemarks } from './chat-view.ts'
import type { StudioLearner } from './learners.ts'

type Stage = RecordedRequest['stage']
type UpdateRemarks = { imitations: Map<string, string>; costUsd: number }

export type Remarks = Awaited<ReturnType<typeof openRemarks>>

/** Which stages a message shows the work of, where its update asked for them. */
const SHOWN: Readonly<Record<'learner' | 'text' | 'voice', readonly Stage[]>> = {
  learner: ['transcribe'],
  text: ['transcribe', 'reply'],
  voice: ['reply', 'speak'],
}

/**
 * Finds out what of a message was imitated, and what it cost: the log says which update a paid call was for, and what
 * the stand-in was asked says how it answers. What costs no call, as a reply that was held back until the learner had tried, or
 * speech from the cache, is as imitated as what it was made by.
 */
export async function openRemarks(standInUrl: string, parts: readonly PartView[]) {
  const standInHost = new URL(standInUrl).host
  const knownHashes = new Set((await recordings()).map(({ bytes }) => sha256(bytes)))
  const updates = new Map<number, UpdateRemarks>()
  const sentences: Record<Stage, string[]> = { transcribe: [], reply: [], speak: [] }
  const utterances = new Set<string>()
  const isVoiceImitated = parts.some(({ name, isImitated }) => name === 'voice' && isImitated)

  function at(updateId: number): UpdateRemarks {
    const remarks = updates.get(updateId) ?? { imitations: new Map<string, string>(), costUsd: 0 }
    updates.set(updateId, remarks)
    return remarks
  }

  function imitationAt(
    learner: StudioLearner,
    message: ChatMessage,
    { updateId, stage }: { updateId: number | null; stage: Stage },
  ): string | undefined {
    const ownImitation = updates.get(updateId ?? 0)?.imitations.get(stage)
    if (ownImitation !== undefined || stage === 'transcribe') return ownImitation
    if (message.file?.kind !== 'voice' && !isAbout(message, utterances)) return undefined
    if (stage === 'speak') return isVoiceImitated ? IMITATED_VOICE : undefined
    const earlierUpdate = learner.updates.findLast(
      ({ id }) => id <= (updateId ?? 0) && updates.get(id)?.imitations.has(stage),
    )
    return updates.get(earlierUpdate?.id ?? 0)?.imitations.get(stage)
  }

  return {
    noteRequest(request: RecordedRequest): void {
      sentences[request.stage].push(imitationOf(request, knownHashes))
      if (request.stage === 'reply') utterances.add(utteranceOf(request))
    },

    /** Tells whether the line changes what is known of a message. */
    noteLog(line: LogLine): boolean {
      const { event, update_id: updateId, stage, vendor, costMicroUsd: cost } = line
      if (event !== 'call_charged' || typeof updateId !== 'number') return false
      const { imitations, costUsd } = at(updateId)
      const isImitated = vendor === standInHost
      // Calls of one stage end, as a rule, in the order in which they began.
      const sentence = isStage(stage) ? sentences[stage].shift() : undefined
      if (isImitated && sentence !== undefined) imitations.set(String(stage), sentence)
      const paidUsd = isImitated || typeof cost !== 'number' ? 0 : cost / 1_000_000
      updates.set(updateId, { imitations, costUsd: costUsd + paidUsd })
      return true
    },

    of(learner: StudioLearner, message: ChatMessage): MessageRemarks {
      const updateId = updateOf(learner, message)
      const remarks = updateId === null ? undefined : updates.get(updateId)
      const stages = shownStages(learner, message, { updateId, utterances })
      const isPaid = message.author === 'bot' && stages.length > 0 && remarks !== undefined
      return {
        updateId,
        imitations: stages.flatMap(
          (stage) => imitationAt(learner, message, { updateId, stage }) ?? [],
        ),
        costUsd: isPaid && remarks.costUsd > 0 ? remarks.costUsd : null,
      }
    },
  }
}

function isStage(value: unknown): value is Stage {
  return value === 'transcribe' || value === 'reply' || value === 'speak'
}

/** The update that a message came with; of the bot's, the newest one that was there before it was sent. */
function updateOf({ updates }: StudioLearner, { id, author, call }: ChatMessage): number | null {
  const usage =
    author === 'learner'
      ? updates.find(({ messageId }) => messageId === id)
      : updates.findLast((update) => update.call <= (call ?? 0))
  return usage?.id ?? null
}

/** Whose work a message shows: a card or a question of the bot's own shows none. */
function shownStages(
  learner: StudioLearner,
  message: ChatMessage,
  { updateId, utterances }: { updateId: number | null; utterances: ReadonlySet<string> },
): readonly Stage[] {
  if (message.author === 'learner') return SHOWN.learner
  if (message.file?.kind === 'voice') return SHOWN.voice
  const isPress = learner.updates.some(({ id, messageId }) => id === updateId && !messageId)
  return isPress || isAbout(message, utterances) ? SHOWN.text : []
}

/** Whether a message shows, now or before an edit, all words of something that the tutor was given. */
function isAbout({ text, revisions }: ChatMessage, utterances: ReadonlySet<string>): boolean {
  const versions = [text, ...revisions.map((revision) => revision.text ?? '')]
  return [...utterances].some((utterance) => {
    const words = utterance.match(/[\p{L}\d]+/gu) ?? []
    return versions.some((version) => words.every((word) => version.includes(word)))
  })
}
