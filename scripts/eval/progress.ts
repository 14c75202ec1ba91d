import type { Terminal } from '../cli/command-line.ts'
import { dollars } from './numbers.ts'

export type Progress = {
  /** One more question is done; what all of them have cost so far, and how many failed. */
  step(soFar: { paidMicroUsd: number; failures: number }): void
  end(): void
}

const WIDTH = 24

/** A bar on stderr with what has been paid so far; a line at each tenth where stderr is a file. */
export function showProgress({ redraw, complain }: Terminal, total: number): Progress {
  let [doneCount, lastTenth] = [0, 0]
  return {
    step({ paidMicroUsd, failures }) {
      doneCount += 1
      const bar = '#'.repeat(Math.floor((WIDTH * doneCount) / total)).padEnd(WIDTH, '.')
      const failureText = failures === 0 ? '' : `  ${failures} failed`
      const line = `[${bar}] ${doneCount} of ${total}  ${dollars(paidMicroUsd)}${failureText}`
      if (redraw !== undefined) redraw(line)
      else if (Math.floor((10 * doneCount) / total) > lastTenth) complain(line)
      lastTenth = Math.floor((10 * doneCount) / total)
    },
    end() {
      if (doneCount > 0) redraw?.('')
    },
  }
}
