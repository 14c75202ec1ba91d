import type { Calendar } from '../../domain/learner/calendar.ts'
import type { Learner, Level } from '../../domain/learner/learner.ts'
import type { Answering, Expectation } from '../expectations.ts'
import type { Fence } from '../jobs/job.ts'

/** The settings that a learner can choose freely; the time zone and memory have rules of their own. */
export type Choices = {
  [Field in Exclude<keyof Learner, 'id' | 'telegramId' | 'remembers' | keyof Calendar>]?:
    | Learner[Field]
    | undefined
}

/** Who has sent a message, the question of ours that it answers, and the hints before it that nothing has answered yet. */
export type Sender = Learner & { expectation: Expectation | null; hints: readonly Expectation[] }

export type Learners = {
  /** The same, whose changes are made only while a run owns its job: they throw 'lease-lost' where it has lost it. */
  under(job: Fence): Learners
  findByTelegramId(telegramId: number): Promise<Learner | undefined>
  /** The learner of an API key by the caller's own id; none is created. */
  findOfApiKey(apiKeyId: number, externalId: string): Promise<Learner | undefined>
  /** Finds who has sent a message in a private chat, and what it answers, in one look. */
  findSender(telegramId: number, message: Answering): Promise<Sender | undefined>
  /** Creates the learner, or changes the native language of one who exists. */
  chooseNativeLanguage(telegramId: number, nativeLanguage: string): Promise<Learner>
  /** The learner, created with this native language where there is none. */
  findOrCreate(telegramId: number, nativeLanguage: string): Promise<Learner>
  /**
   * Stores the choices that are not undefined; the learner after it, or undefined where there is none. The voice speed
   * goes with the level where the learner has not chosen another.
   */
  choose(telegramId: number, choices: Choices): Promise<Learner | undefined>
  /**
   * Stores what `change` makes of the learner's calendar, made again where that has changed meanwhile; null leaves it as
   * it is. The learner after it, or undefined where there is none.
   */
  changeCalendar(
    telegramId: number,
    change: (calendar: Calendar) => Calendar | null,
  ): Promise<Learner | undefined>
  /** Changes the settings that are not undefined; returns the learner after it. */
  change(
    id: number,
    settings: { nativeLanguage?: string | undefined; level?: Level | undefined },
  ): Promise<Learner>
  /** The learner of an API key by the caller's own id; created with these settings where there is none. */
  forApiKey(
    apiKeyId: number,
    externalId: string,
    settings: { nativeLanguage?: string | undefined; level?: Level | undefined },
  ): Promise<Learner>
  /** The same for a key that may have so many learners; undefined where it has them, and this is another one. */
  forLimitedApiKey(
    apiKeyId: number,
    externalId: string,
    settings: { nativeLanguage?: string | undefined; level?: Level | undefined },
    maxLearners: number,
  ): Promise<Learner | undefined>
}
