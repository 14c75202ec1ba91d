import type { Fleet } from './fleet.ts'
import { type Loaded, type LoadPart, sumOf } from './part.ts'
import { playScenario, type Scenario, sendAtOnce, sendUntil } from './scenario.ts'

/** Between two voice notes while instances come and go: about what two cores can teach. */
const GAP_MS = 250

/** What is done to so many instances under load. */
const SCENARIOS: readonly Omit<Scenario, 'instances'>[] = [
  {
    name: 'deliveries in turn',
    isDisturbed: false,
    send: async (crowd) => sendAtOnce(crowd, 3),
  },
  {
    name: 'restarted in turn (SIGTERM)',
    isDisturbed: false,
    async send(crowd, fleet) {
      sendAtOnce(crowd, 1)
      await sendUntil(replaceAll(fleet, 'SIGTERM'), crowd, GAP_MS)
    },
  },
  {
    name: 'killed in turn (SIGKILL)',
    isDisturbed: true,
    async send(crowd, fleet) {
      sendAtOnce(crowd, 1)
      await sendUntil(replaceAll(fleet, 'SIGKILL'), crowd, GAP_MS)
    },
  },
]

const SIZES = [2, 4]

/** Several processes on one database. */
export const INSTANCES: LoadPart = {
  name: 'instances',
  about: `${SIZES.join(' and ')} instances behind one address: in peace, restarted, and killed in turn`,
  async run(options) {
    const sizes = options.instances === undefined ? SIZES : [options.instances]
    const rounds: Loaded[] = []
    for (const instances of sizes) {
      for (const scenario of SCENARIOS) {
        rounds.push(await playScenario({ ...scenario, instances }, options))
      }
    }
    return {
      totals: sumOf(rounds.map(({ totals }) => totals)),
      violations: rounds.flatMap(({ violations }) => violations),
    }
  },
}

/** One after another is ended and followed by a new one; a graceful end has to be one. */
export async function replaceAll(fleet: Fleet, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  for (const place of fleet.instances.keys()) {
    const { code, stderr } = await fleet.replace(place, signal)
    if (signal === 'SIGTERM' && code !== 0) throw new Error(`It ended with ${code}: ${stderr}`)
  }
}
