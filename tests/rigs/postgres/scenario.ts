import type { Stage } from '../../../scripts/studio/openai/stand-in.ts'
import type { Update } from '../../../scripts/studio/telegram/objects.ts'
import type { PostgresWorld } from './world.ts'

/** Something that is done to the product, whole. */
export type Scenario = {
  name: string
  env?: NodeJS.Dict<string>
  /** The stages that it pays for, once each. */
  pays: readonly Stage[]
  /** The journal's names of those that have another one there. */
  steps?: Readonly<Partial<Record<Stage, string>>>
  /** What it leads to: jobs, unless their number says nothing, lessons, and on Telegram voice notes and texts. */
  makes: { jobs?: number; lessons: number; voices: number; texts: number }
  /** A request for the state of the product, which a 503 answers rightly. */
  isProbe?: true
  /** Prepares it, on a database that is well. */
  begin(world: PostgresWorld): Promise<Play>
}

export type Play = {
  /** An update that Telegram delivers, or a request that its client repeats after a 503. */
  act: { queue(): Update } | { ask(): Promise<Response> }
  /** Where the learner reads, if it is on Telegram. */
  chatId?: number
  /** What is not as it should be in the end, besides what is looked at after every run. */
  wrong?(): Promise<string[]>
}
