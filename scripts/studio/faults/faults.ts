import type { Stage } from '../openai/faults.ts'
import type { OpenaiStandIn } from '../openai/stand-in.ts'
import type { TelegramStandIn } from '../telegram/stand-in.ts'
import type { DatabaseAwayMessage } from './database-away.ts'
import type { FaultName, FaultView } from './view.ts'

/** Long enough to be watched, short enough to wait for. */
const AWAY_MS = 10_000
const SLOW_MS = 3_000
const RETRY_AFTER_SECONDS = 3

type Fault = { label: string; hint: string } & (
  | { once: () => void }
  | { turn: (isOn: boolean) => void }
)

export type FaultDeps = {
  telegram: Pick<TelegramStandIn, 'failNext' | 'setLatency' | 'deliver'>
  openai: Pick<OpenaiStandIn, 'failNext' | 'failAll' | 'recover'>
  /** Sends a message to the functions' process. */
  send(message: DatabaseAwayMessage): void
  /** Ends the functions' process at once, and starts it anew. */
  kill(): void
  /** The newest update of any learner, as Telegram has it. */
  newestUpdate(): Parameters<TelegramStandIn['deliver']>[0] | undefined
}

const STAGES: readonly Stage[] = ['transcribe', 'reply', 'speak']

/** The faults that a person can arrange while they watch. */
export function createFaultSwitches(deps: FaultDeps) {
  const faults = faultsOf(deps)
  const names = Object.keys(faults) as FaultName[]
  const on = new Set<FaultName>()

  return {
    names,
    list: (): FaultView[] =>
      names.map((name) => {
        const { label, hint } = faults[name]
        return { name, label, hint, isOn: on.has(name) }
      }),
    /** Arranges a fault, or ends a lasting one that is on. */
    press(name: FaultName): void {
      const fault = faults[name]
      if ('once' in fault) {
        fault.once()
      } else {
        const isOn = !on.delete(name)
        if (isOn) on.add(name)
        fault.turn(isOn)
      }
    },
  }
}

function faultsOf(deps: FaultDeps): Record<FaultName, Fault> {
  const { telegram, openai, send, kill, newestUpdate } = deps
  return {
    'deliver-twice': {
      label: 'Deliver it again',
      hint: 'Telegram sends the newest update once more. It is answered once.',
      once() {
        const update = newestUpdate()
        if (update === undefined) throw new Error('There is no update yet: write something first.')
        telegram.deliver(update)
      },
    },
    'telegram-busy': {
      label: 'Telegram says 429',
      hint: `Its next call is told to wait ${RETRY_AFTER_SECONDS} s.`,
      once: () =>
        void telegram.failNext(({ method }) => method !== 'getWebhookInfo', {
          kind: 'error',
          status: 429,
          description: `Too Many Requests: retry after ${RETRY_AFTER_SECONDS}`,
          retryAfterSeconds: RETRY_AFTER_SECONDS,
        }),
    },
    'telegram-slow': {
      label: 'Telegram is slow',
      hint: `Each of its answers takes ${SLOW_MS / 1000} s longer.`,
      turn: (isOn) => telegram.setLatency(isOn ? SLOW_MS : 0),
    },
    'provider-busy': {
      label: 'Provider says 429',
      hint: 'Its next answer of each stage is to come again later.',
      once() {
        for (const stage of STAGES)
          openai.failNext(stage, { kind: 'rate-limited', retryAfterSeconds: 1 })
      },
    },
    'quota-exhausted': {
      label: 'Quota exhausted',
      hint: 'The provider refuses everything until this is turned off. Lessons wait, and none is lost.',
      turn(isOn) {
        if (!isOn) return openai.recover()
        for (const stage of STAGES) openai.failAll(stage, { kind: 'quota-exhausted' })
      },
    },
    'database-away': {
      label: 'Database away',
      hint: `For ${AWAY_MS / 1000} s it cannot be reached. Telegram keeps what comes meanwhile.`,
      once: () => send({ kind: 'studio-database-away', ms: AWAY_MS }),
    },
    kill: {
      label: 'Kill the process',
      hint: 'The functions are killed at once and started anew. The lesson goes on.',
      once: kill,
    },
  }
}
