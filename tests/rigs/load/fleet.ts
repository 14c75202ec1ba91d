import type { Instance, ProcessExit } from '../processes.ts'
import type { World } from '../world.ts'
import { openBalancer } from './balancer.ts'
import { NAMED } from './usage.ts'

/** Several instances in one world, behind one address. */
export type Fleet = {
  /** Those that run now. */
  instances: readonly Instance[]
  /** All that have run, in the order of their start. */
  everyone: readonly Instance[]
  /** Ends the one at a place by a signal, and starts another there when it is gone. */
  replace(place: number, signal: 'SIGTERM' | 'SIGKILL'): Promise<ProcessExit>
  stop(): Promise<void>
}

/** Starts so many instances and leads Telegram's deliveries to them in turn. */
export async function openFleet(world: World, size: number): Promise<Fleet> {
  const instances = await Promise.all(Array.from({ length: size }, () => world.start(NAMED)))
  const everyone = [...instances]
  const balancer = await openBalancer()
  balancer.lead(instances)
  world.deliverTo(balancer)
  return {
    instances,
    everyone,
    async replace(place, signal) {
      const instance = instances[place]
      if (instance === undefined) throw new Error(`There is no instance ${place}.`)
      const ended = await instance.end(signal)
      const another = await world.start(NAMED)
      instances[place] = another
      everyone.push(another)
      balancer.lead(instances)
      return ended
    },
    stop: balancer.stop,
  }
}
