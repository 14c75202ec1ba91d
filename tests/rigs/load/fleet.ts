import type { Instance, ProcessExit } from '../processes.ts'
import type { World } from '../world.ts'
import { openBalancer } from './balancer.ts'
import { NAMED } from './usage.ts'

/** Several instances in one world, behind one address. */
export type Fleet = {
  /** Those that run now. */
  instances: readonly Instance[]
  /** All that have run, in the order of their start. */
  allInstances: readonly Instance[]
  /** Ends the one at a place by a signal, and starts another there when it is gone. */
  replace(place: number, signal: 'SIGTERM' | 'SIGKILL'): Promise<ProcessExit>
  stop(): Promise<void>
}

/** Starts so many instances and leads Telegram's deliveries to them in turn. */
export async function openFleet(world: World, size: number): Promise<Fleet> {
  const instances = await Promise.all(Array.from({ length: size }, () => world.start(NAMED)))
  const allInstances = [...instances]
  const balancer = await openBalancer()
  balancer.lead(instances)
  world.deliverTo(balancer)
  return {
    instances,
    allInstances,
    async replace(place, signal) {
      const instance = instances[place]
      if (instance === undefined) throw new Error(`There is no instance ${place}.`)
      const exit = await instance.end(signal)
      const successor = await world.start(NAMED)
      instances[place] = successor
      allInstances.push(successor)
      balancer.lead(instances)
      return exit
    },
    stop: balancer.stop,
  }
}
