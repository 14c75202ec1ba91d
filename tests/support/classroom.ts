import type { Kysely } from 'kysely'
import type { Tables } from '../../db/tables.ts'
import { pgBreaker } from '../../lib/adapters/postgres/breaker.ts'
import { pgInbox } from '../../lib/adapters/postgres/inbox.ts'
import { pgJournal } from '../../lib/adapters/postgres/journal.ts'
import { pgLessons } from '../../lib/adapters/postgres/lessons.ts'
import { pgQuota } from '../../lib/adapters/postgres/quota.ts'
import type { Job, JobRun } from '../../lib/app/jobs/job.ts'
import type { Journal } from '../../lib/app/jobs/journal.ts'
import { beginRun } from '../../lib/app/jobs/run.ts'
import { unstoredCharges } from '../../lib/app/jobs/unstored-charges.ts'
import type { Audience, TaughtLesson } from '../../lib/app/lesson/lesson.ts'
import type { Speech } from '../../lib/app/lesson/speaker.ts'
import type { Lessons } from '../../lib/app/lesson/stores.ts'
import type { TextMessage } from '../../lib/app/lesson/take-text.ts'
import type { VoiceDeps, VoiceNote } from '../../lib/app/lesson/take-voice.ts'
import type { Transcript } from '../../lib/app/lesson/transcriber.ts'
import type { ReplySoFar, TutorAnswer, TutorRequest } from '../../lib/app/lesson/tutor.ts'
import type { Stage, Usage } from '../../lib/app/usage.ts'
import type { Learner } from '../../lib/domain/learner/learner.ts'
import { beginJob, reach } from './jobs.ts'
import { SCHOOL_MISTAKE } from './lessons.ts'
import { rememberingLog } from './scripted-provider.ts'

/** Noon of 2026-11-23 in Prague. */
export const NOON = new Date('2026-11-23T11:00:00Z')

const ANSWER: TutorAnswer = {
  saidLanguage: 'cs',
  reply: 'Aha, a co se tam učíš?',
  correctedText: 'Jdu do školy.',
  mistakes: [SCHOOL_MISTAKE],
  suggestion: 'Zkus říct, kam jdeš.',
  newWords: [],
  replyTranslation: '',
  readyAnswers: [],
}

/** What the providers do in a test; each call counts as paid. */
export type Script = {
  transcribe: () => Promise<Transcript>
  answer: (
    request: TutorRequest,
    onReply: (reply: ReplySoFar) => void,
    givenReply: string | undefined,
  ) => Promise<TutorAnswer>
  speak: (text: string) => Promise<Speech>
}

/** Everything a lesson needs: real stores on a database, and providers that follow a script. */
export function classroom(
  db: Kysely<Tables>,
  script: Partial<Script> = {},
  stores: {
    journal?: (journal: Journal) => Partial<Journal>
    lessons?: (lessons: Lessons) => Partial<Lessons>
  } = {},
) {
  const paidStages: string[] = []
  const requests: TutorRequest[] = []
  const wokenLanes: string[] = []
  const log = rememberingLog()
  const inbox = pgInbox(db, { leaseSeconds: 20 })
  const journal = { ...pgJournal(db), ...stores.journal?.(pgJournal(db)) }

  const deps: VoiceDeps = {
    lessons: { ...pgLessons(db), ...stores.lessons?.(pgLessons(db)) },
    quota: pgQuota(db, { plan: { voice: 5, text: 6 }, dailyBudgetUsd: undefined }),
    breaker: pgBreaker(db),
    ...scriptedProviders(script, paidStages, requests),
    inspectAudio: async (bytes) =>
      bytes.length === 0
        ? undefined
        : { bytes, fileName: 'voice.ogg', mimeType: 'audio/ogg', durationSeconds: bytes.length },
    wake: (lane) => void wokenLanes.push(lane),
    now: () => NOON,
    log,
  }
  return {
    deps,
    inbox,
    paidStages,
    requests,
    woken: wokenLanes,
    log,
    begin: (job: Job, signal = new AbortController().signal): Promise<JobRun> =>
      beginRun(
        {
          journal,
          unstoredCharges: unstoredCharges({ journal, log }),
          log,
          confirmLease: async () => {},
        },
        job,
        signal,
      ),
    /** A new job, begun. */
    async newRun(): Promise<JobRun> {
      return this.begin(await beginJob(inbox))
    },
  }
}

/** Providers that follow a script, and note which stages are paid for and what the tutor is asked. */
function scriptedProviders(
  script: Partial<Script>,
  paidStages: string[],
  requests: TutorRequest[],
): Pick<VoiceDeps, 'transcriber' | 'tutor' | 'speaker'> {
  return {
    transcriber: {
      async transcribe(_audio, _language, { charge }) {
        paidStages.push('transcribe')
        const transcript = await (script.transcribe?.() ?? transcriptOf('Jdu do škola.'))
        charge(USAGES.transcribe)
        return transcript
      },
    },
    tutor: {
      async answer(request, onReply, { charge }, givenReply) {
        paidStages.push('reply')
        requests.push(request)
        charge(USAGES.reply)
        if (script.answer) return script.answer(request, onReply, givenReply)
        onReply(completeReply(ANSWER.reply))
        return ANSWER
      },
    },
    speaker: {
      fingerprint: ({ character }) => `fake ${character}`,
      async speak(pieces, _voice, { charge }) {
        let text = ''
        for await (const piece of pieces) {
          if (text === '') paidStages.push('speak')
          text += piece
        }
        const speech = await (script.speak?.(text) ?? speechOf(text))
        charge(USAGES.speak)
        return speech
      },
    },
  }
}

/** What one call of each stage uses here. */
export const USAGES = {
  transcribe: usageOf('transcribe', 100),
  reply: usageOf('reply', 200),
  speak: usageOf('speak', 400),
}

function usageOf(stage: Stage, costMicroUsd: number): Usage {
  return { stage, vendor: 'fake.test', model: 'fake', costMicroUsd, isEstimate: false }
}

export function transcriptOf(text: string, languages = ['cs']): Transcript {
  return { text, languages }
}

export function completeReply(text: string): ReplySoFar {
  return { text, isComplete: true }
}

export function answerWith(overrides: Partial<TutorAnswer>): TutorAnswer {
  return { ...ANSWER, ...overrides }
}

export function speechOf(text: string): Speech {
  return { ogg: new TextEncoder().encode(`OggS ${text}`), durationSeconds: 1 }
}

/** A voice note of `seconds`; its bytes are as many. */
export function voiceNoteOf(
  learner: Learner,
  overrides: Partial<VoiceNote> & { seconds?: number } = {},
): VoiceNote {
  const { seconds = 3, ...fields } = overrides
  return {
    learner,
    saidAt: NOON,
    declaredSeconds: seconds,
    declaredBytes: seconds,
    wantsVoice: true,
    download: async () => ({ kind: 'downloaded', bytes: new Uint8Array(seconds).fill(7) }),
    ...fields,
  }
}

export function textMessageOf(
  learner: Learner,
  text: string,
  overrides: Partial<TextMessage> = {},
): TextMessage {
  return { learner, saidAt: NOON, text, wantsVoice: true, ...overrides }
}

/** An audience that keeps in order what a lesson tells it. It sends through the run's journal, as Telegram's does. */
export function listener(run: JobRun, overrides: Partial<Audience> = {}) {
  const messages: string[] = []
  const verdicts: TaughtLesson[] = []
  const speeches: (Speech | null)[] = []
  const audience: Audience = {
    async transcript(said) {
      await run.send('heard', async () => messages.push(`heard: ${said}`), reach)
    },
    reply() {},
    speechChunk() {},
    async verdict(lesson) {
      verdicts.push(lesson)
      messages.push('verdict')
    },
    async answer({ reply }) {
      messages.push(`answer: ${reply}`)
    },
    async speech(speech, { text: reply }) {
      speeches.push(speech)
      await run.send(
        'voice',
        async () => messages.push(speech === null ? `text: ${reply}` : 'voice'),
        reach,
      )
    },
    ...overrides,
  }
  return { audience, messages, verdicts, speeches }
}
