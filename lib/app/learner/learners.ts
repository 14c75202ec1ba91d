import type { Learner, Level } from '../../domain/learner/learner.ts'

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
