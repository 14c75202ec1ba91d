import type { Terminal } from '../cli/command-line.ts'
import { dollars } from './numbers.ts'

export type Progress = {
  /** One more question is done; what all of them have cost so far, and how many failed. */
  step(soFar: { paidMicroUsd: number; failures: number }): void
  end(): void
}

const WIDTH = 24

/** A bar on stderr with what has been paid so far; a line at each tenth where stderr is a file. */
export function showProgress({ redraw, complain }: Terminal, all: number): Progress {
  let [done, tenth] = [0, 0]
  return {
    step({ paidMicroUsd, failures }) {
      done += 1
      const bar = '#'.repeat(Math.floor((WIDTH * done) / all)).padEnd(WIDTH, '.')
      const failed = failures === 0 ? '' : `  ${failures} failed`
      const line = `[${bar}] ${done} of ${all}  ${dollars(paidMicroUsd)}${failed}`
      if (redraw !== undefined) redraw(line)
      else if (Math.floor((10 * done) / all) > tenth) complain(line)
      tenth = Math.floor((10 * done) / all)
    },
    end() {
      if (done > 0) redraw?.('')
    },
  }
}
