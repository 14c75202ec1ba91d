import type { Character, Learner, Level } from '../../domain/learner/learner.ts'
import type { Advance, Progress } from '../../domain/learner/progress.ts'
import type { Fence } from '../jobs/job.ts'

/** What the use-cases need of the world, in the words of the product. Adapters implement it. */

export type Fields = Record<string, unknown>
export type Log = {
  debug(event: string, fields?: Fields): void
  info(event: string, fields?: Fields): void
  warn(event: string, fields?: Fields): void
  error(event: string, fields?: Fields): void
}
export type Now = () => Date

/** Waits, unless the signal aborts first: then it rejects with the signal's reason. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>

/** 0 <= x < 1, for jitter. */
export type Random = () => number

export type Learners = {
  findByTelegramId(telegramId: number): Promise<Learner | undefined>
  /** Creates the learner, or changes the native language of one who exists. */
  chooseNativeLanguage(telegramId: number, nativeLanguage: string): Promise<Learner>
  setLevel(telegramId: number, level: Level): Promise<Learner | undefined>
  /** Changes what is given; the learner after it. */
  change(
    id: number,
    wanted: { nativeLanguage?: string | undefined; level?: Level | undefined },
  ): Promise<Learner>
  /** The learner of an API key by the caller's own id; created as wanted where unknown. */
  forApiKey(
    apiKeyId: number,
    externalId: string,
    wanted: { nativeLanguage?: string | undefined; level?: Level | undefined },
  ): Promise<Learner>
}

export type LessonKind = 'voice' | 'text'

export type Mistake = {
  original: string
  corrected: string
  category: MistakeCategory
  explanationCs: string
  explanationNative: string
}

export const MISTAKE_CATEGORIES = [
  'case',
  'verb',
  'gender_number',
  'preposition',
  'word_order',
  'vocabulary',
  'spelling',
  'reflexive',
  'formality',
  'other',
] as const
export type MistakeCategory = (typeof MISTAKE_CATEGORIES)[number]

export type NewWord = { czech: string; translation: string }

/** One earlier exchange, oldest first in a list. */
export type Turn = { said: string; reply: string }

/** Everything of a lesson but what recording it decides. */
export type LessonDraft = {
  learnerId: number
  /** The learner's local day, `YYYY-MM-DD`. */
  day: string
  kind: LessonKind
  said: string
  reply: string
  correctedText: string
  mistakes: Mistake[]
  suggestion: string
  newWords: NewWord[]
  score: number
  wordsTotal: number
  wordsCorrect: number
  /** Length of the learner's audio; 0 for text. */
  durationSeconds: number
  /** What the paid steps known by now have cost, in millionths of a US dollar. */
  costMicroUsd: number
}

export type RecordedLesson = LessonDraft & {
  id: number
  starsEarned: number
  bonusStars: number
  progress: Progress
  /** Lessons of that day, this one counted. */
  lessonsOnDay: number
}

/** Where a learner stands, and by which version of their row that can be told. */
export type Standing = {
  before: Progress
  /** Another one as soon as anything in the learner's row has changed. */
  version: string
  /** The lesson that this job has become already. */
  recordedId: number | null
  /** Of the draft's day; of the recorded lesson's day, up to it, where there is one. */
  lessonsOnDay: number
}

export type Lessons = {
  /** The newest exchanges, oldest first. */
  recent(learnerId: number, count: number): Promise<Turn[]>
  /** Where the learner stands before a lesson of that day. */
  standing(fence: Fence, lesson: { learnerId: number; day: string }): Promise<Standing>
  /**
   * Records a lesson once per job, all at once: `advance` runs on the learner as they are when it is
   * written, and again where they have changed by then. Called again for the same job it returns what it
   * recorded. Whoever has looked where the learner `stood` saves looking again.
   */
  record(
    fence: Fence,
    draft: LessonDraft,
    advance: (before: Progress, lessonsOnDay: number) => Advance,
    stood?: Standing,
  ): Promise<RecordedLesson>
  /** Tells whether a job has become a lesson. */
  isRecorded(jobId: number): Promise<boolean>
  /** Adds what speaking the reply has cost, once per lesson: it is known only after recording. */
  addSpeechCost(fence: Fence, microUsd: number): Promise<void>
}

/** What asking for a place in the day's plan found. */
export type Reservation =
  /** `probe`: the provider had no quota left; this lesson is the one to find out whether it has again. */
  | { kind: 'reserved'; probe: boolean }
  | { kind: 'quota-used-up'; limit: number }
  | { kind: 'unheard-used-up' }
  | { kind: 'budget-used-up' }
  | { kind: 'provider-exhausted'; retryAfterMs: number }

export type Plan = Readonly<Record<LessonKind, number>>

export type Quota = {
  /** Lessons a day, by kind. */
  plan: Plan
  /** Takes a place in the learner's day before the first paid call; the same job keeps its place. */
  reserve(
    fence: Fence,
    wanted: { learnerId: number; day: string; kind: LessonKind },
  ): Promise<Reservation>
  /** Gives the place back: what was said costs nothing. */
  giveBack(fence: Fence): Promise<void>
  /**
   * Turns the place into one that heard nothing: no quota, but counted against the cap on those.
   * `costMicroUsd` is what finding that out has cost.
   */
  countAsUnheard(fence: Fence, costMicroUsd: number): Promise<void>
}

/** Whether a provider has quota. Opened by a run that found it exhausted, closed by one that did not. */
export type Breaker = {
  open(): Promise<void>
  /** Closes it and sets the parked jobs free; the lanes to wake now, sweeps find the others. */
  close(): Promise<string[]>
}

/** What one look at the database says of its health. */
export type DatabaseHealth = {
  pendingMigrations: string[]
  /** It is a standby, or was made so: nothing can be stored. */
  isReadOnly?: true
  waiting: number
  parked: number
  dead: number
  /** How long the job that is due for longest has waited; 0 where none is. */
  oldestDueSeconds: number
}

export type ApiKey = { id: number; name: string; telegramLearners: boolean }
export type ApiKeys = {
  /** The key that this secret belongs to, unless revoked. */
  authenticate(secret: string): Promise<ApiKey | undefined>
}

/** What one provider call used; cost in millionths of a US dollar, 0 where the price is not known. */
export type Usage = {
  stage: 'transcribe' | 'reply' | 'speak'
  model: string
  inputTokens?: number
  cachedTokens?: number
  outputTokens?: number
  audioSeconds?: number
  costMicroUsd: number
}

export type Audio = {
  bytes: Uint8Array
  /** A file name whose ending tells the format: `voice.ogg`. */
  fileName: string
  mimeType: string
  durationSeconds: number
}

/** Tells what audio really is; undefined where it is none that we take, or damaged. Never throws. */
export type InspectAudio = (bytes: Uint8Array) => Promise<Audio | undefined>

/** What became of fetching a learner's voice note. */
export type Download =
  | { kind: 'downloaded'; bytes: Uint8Array }
  | { kind: 'voice-too-big' }
  /** Telegram does not have it any more. */
  | { kind: 'voice-expired' }

export type Transcript = {
  text: string
  /** ISO 639-1 of what was detected, most likely first; empty where the provider does not say. */
  languages: string[]
  usage: Usage
}

export type Transcriber = {
  /** Hears what was said, word for word. Throws AppError 'provider-*'. */
  transcribe(audio: Audio, nativeLanguage: string, signal: AbortSignal): Promise<Transcript>
}

/** The texts of one request to the tutor: built by lib/domain/prompts.ts. */
export type TutorRequest = {
  system: string
  history: Turn[]
  said: string
  /** What to ask for when only the corrections are missing: replaces `system`'s task, not its voice. */
  correctionsOnly: string
  /** Same for requests that share the start of their prompt. */
  cacheKey: string
}

export type TutorAnswer = {
  reply: string
  /** ISO 639-1 of what the learner spoke, as the tutor understands it; may be empty or nonsense. */
  saidLanguage: string
  correctedText: string
  mistakes: Mistake[]
  suggestion: string
  newWords: NewWord[]
}

/** A reply as far as it is written. It begins anew where the tutor has to be asked again in its middle. */
export type ReplySoFar = {
  text: string
  isComplete: boolean
  /** As TutorAnswer's, told as soon as it is written: once more of a reply that is complete. */
  saidLanguage?: string
}

export type Tutor = {
  /**
   * Answers in one streamed completion. `onReply` is called whenever there is more of the reply, and as soon as
   * it is complete, before the corrections are; the answer's reply is that very text. To a reply that is `given`
   * already only the corrections are asked for. Throws AppError 'provider-*'.
   */
  answer(
    request: TutorRequest,
    onReply: (reply: ReplySoFar) => void,
    signal: AbortSignal,
    given?: string,
  ): Promise<{ answer: TutorAnswer; usage: Usage[] }>
}

export type Voice = { character: Character; speedFactor: number }

/** A voice note: Ogg with one Opus stream. */
export type SpokenReply = { ogg: Uint8Array; durationSeconds: number; usage: Usage }

/** One text in order, sentence by sentence, some of which may still have to be written. */
export type Pieces = AsyncIterable<string> | readonly string[]

export type Speaker = {
  /** Names what decides how speech sounds, for the journal's key: model and voice of a character. */
  fingerprint(voice: Voice): string
  /**
   * Says a text word for word, its pieces side by side as they come; `onPages` gets the voice note's bytes
   * as they are there, in order. Throws AppError 'provider-*'.
   */
  speak(
    pieces: Pieces,
    voice: Voice,
    signal: AbortSignal,
    onPages?: (ogg: Uint8Array) => void,
  ): Promise<SpokenReply>
}

/** An inline keyboard as Telegram takes it: rows of buttons. */
export type Keyboard = { inline_keyboard: { text: string; callback_data: string }[][] }
export type SendOptions = {
  keyboard?: Keyboard
  replyTo?: number
  /** The text has no markup. */
  plain?: boolean
}

/**
 * What we ask of Telegram. Every call has its own deadline. Throws AppError 'telegram-*':
 * `failed` is the only one after which a message may have been sent all the same.
 */
export type Telegram = {
  /** Sends HTML; the message id. */
  sendMessage(chatId: number, html: string, options?: SendOptions): Promise<number>
  /** Edits a message; one that says so already, or is gone, counts as edited. */
  editMessage(chatId: number, messageId: number, html: string, options?: SendOptions): Promise<void>
  /** Puts another keyboard under a message and leaves its text. */
  editKeyboard(chatId: number, messageId: number, keyboard: Keyboard): Promise<void>
  sendVoice(chatId: number, spoken: SpokenReply, options?: SendOptions): Promise<number>
  /** The same sound as a file, for those who forbid voice notes. */
  sendSoundFile(chatId: number, spoken: SpokenReply, options?: SendOptions): Promise<number>
  /** Shows "recording a voice message" for some 5 s. */
  showRecording(chatId: number): Promise<void>
  /** Ends the waiting of a button that was pressed; one that waits no more counts as ended. */
  answerPress(queryId: string, text?: string): Promise<void>
  /** Fetches a file that a learner sent, `maxBytes` at most. */
  download(fileId: string, maxBytes: number, signal: AbortSignal): Promise<Download>
}

/** What Telegram and OpenAI say when asked: `ok...`, or what is wrong. */
export type NeighbourHealth = { telegram: string; openai: string }
