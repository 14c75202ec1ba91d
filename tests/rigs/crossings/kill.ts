import type { Part } from '../part.ts'
import { atCrossings, scenariosWith } from './every-crossing.ts'
import type { Stopping } from './takeover.ts'

export const KILLED: Stopping = {
  name: 'killed',
  signal: 'SIGKILL',
  findProblems: async () => [],
}

/** Kills a process at every step of what it does, and checks that the survivor completes the job. */
export const KILL: Part = {
  name: 'kill',
  about: 'kills npm start (kill -9) at each crossing to a neighbour; another instance takes over',
  run: (options) => {
    const atEachCrossing = (crossings: readonly string[]) =>
      crossings.map((crossing) => ({ crossing, stopping: KILLED }))
    return atCrossings(atEachCrossing, { ...options, scenarios: scenariosWith(options.only) })
  },
}
