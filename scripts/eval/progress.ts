import type { Terminal } from '../cli/command-line.ts'
import { dollars } from './numbers.ts'

export type Progress = {
  /** One more answer came, or failed to. */
  step(outcome: { costMicroUsd: number; hasFailed: boolean }): void
  end(): void
}

const WIDTH = 24

/** A bar on stderr with what has been paid so far; a line at each tenth where stderr is a file. */
export function showProgress({ redraw, complain }: Terminal, all: number): Progress {
  let [done, failures, costMicroUsd, tenth] = [0, 0, 0, 0]
  return {
    step(outcome) {
      done += 1
      failures += outcome.hasFailed ? 1 : 0
      costMicroUsd += outcome.costMicroUsd
      const bar = '#'.repeat(Math.floor((WIDTH * done) / all)).padEnd(WIDTH, '.')
      const failed = failures === 0 ? '' : `  ${failures} failed`
      const line = `[${bar}] ${done} of ${all}  ${dollars(costMicroUsd)}${failed}`
      if (redraw !== undefined) redraw(line)
      else if (Math.floor((10 * done) / all) > tenth) complain(line)
      tenth = Math.floor((10 * done) / all)
    },
    end() {
      if (done > 0) redraw?.('')
    },
  }
}
