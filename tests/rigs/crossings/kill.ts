import type { Part } from '../part.ts'
import { atBoundaries } from './every-boundary.ts'
import type { Stopping } from './takeover.ts'

export const KILLED: Stopping = {
  name: 'killed',
  signal: 'SIGKILL',
  findProblems: async () => [],
}

/** Kills a process at every step of what it does, and looks what the next one makes of it. */
export const KILL: Part = {
  name: 'kill',
  about: 'kills npm start (kill -9) at each crossing to a neighbour; another instance takes over',
  run: (options) => {
    const everywhere = (boundaries: readonly string[]) =>
      boundaries.map((boundary) => ({ boundary, stopping: KILLED }))
    return atBoundaries(everywhere, options)
  },
}
