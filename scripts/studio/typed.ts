import { clearLine, createInterface, cursorTo } from 'node:readline'

export type Typed = {
  /** Prints a line above what is being typed. */
  print(line: string): void
  close(): void
}

/**
 * Reads lines from standard input while others are printed. On a terminal its end, Ctrl-C or Ctrl-D,
 * calls `onEnd`; elsewhere the end of the input is not the end.
 */
export function readTyped({
  onLine,
  onEnd,
}: {
  onLine: (line: string) => void
  onEnd: () => void
}): Typed {
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY
  const lines = createInterface({
    input: process.stdin,
    prompt: '> ',
    ...(isTerminal && { output: process.stdout }),
  })
  let isOpen = true
  lines.on('line', (line) => {
    // The conversation prints the typed line again, as one of its own.
    if (isTerminal) process.stdout.write('\x1b[1A\x1b[2K')
    onLine(line)
  })
  lines.on('close', () => {
    if (isOpen && isTerminal) onEnd()
  })
  return {
    print(line) {
      if (!isTerminal || !isOpen) return console.log(line)
      cursorTo(process.stdout, 0)
      clearLine(process.stdout, 0)
      console.log(line)
      lines.prompt(true)
    },
    close() {
      isOpen = false
      lines.close()
    },
  }
}
