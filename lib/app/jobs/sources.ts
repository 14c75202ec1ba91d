/** Which of a process's slots a job takes: those of short answers, of lessons, or of work that can wait. */
export type SlotClass = 'quick' | 'lesson' | 'background'

type SourceRules = {
  /** The slots that its jobs may take. */
  slots: readonly SlotClass[]
  /** False where the sender hears of a failure at once and asks again: no retries behind their back. */
  retries: boolean
}

/** Every source of jobs by its prefix, up to the colon. A job of any other is never run. */
export const SOURCES = {
  /** `tg:<bot id>`: Telegram's updates. */
  tg: { slots: ['quick', 'lesson'], retries: true },
  /** `api:<key id>`: requests to the lesson API. */
  api: { slots: ['lesson'], retries: false },
  /** `aside:tg`: what presses on lessons ask for. */
  aside: { slots: ['lesson'], retries: false },
  /** `tally:hour`: adding up what was measured in hours that are over; its key is the hour that is not. */
  tally: { slots: ['background'], retries: true },
  /** `memory:tg`: looking for facts in the newest lessons of a learner on Telegram. */
  memory: { slots: ['background'], retries: true },
  /** `alert:chat` and `alert:webhook`: what the operator is told. */
  alert: { slots: ['background'], retries: true },
} as const satisfies Record<string, SourceRules>

export type SourcePrefix = keyof typeof SOURCES

/** A source's whole name and the slots that its job takes. */
export type JobSource = {
  [Prefix in SourcePrefix]: {
    source: `${Prefix}:${string}`
    slots: (typeof SOURCES)[Prefix]['slots'][number]
  }
}[SourcePrefix]

/** The prefix of a stored job's source; undefined where no source of ours has it. */
export function prefixOf(source: string): SourcePrefix | undefined {
  const prefix = source.split(':', 1).join()
  return Object.hasOwn(SOURCES, prefix) ? (prefix as SourcePrefix) : undefined
}
