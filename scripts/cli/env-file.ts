import { existsSync, readFileSync, statSync } from 'node:fs'
import { parseEnv } from 'node:util'

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * The environment with what the `.env` of the working folder adds to it; a variable that is set wins.
 * `readLine` names the variables added, never their values, and lines that cannot be read; undefined where there is no such
 * file.
 */
export function withEnvFile(env: Environment): { env: Environment; readLine?: string } {
  const text = readEnvFile()
  if (text === undefined) return { env }
  const file = parseEnv(text)
  const oddLines = oddLinesOf(text, file)
  const names = Object.keys(file).filter((name) => env[name] === undefined && file[name] !== '')
  return {
    env: { ...file, ...env },
    readLine: [
      `.env: ${names.sort().join(', ') || 'nothing that was not set already'}`,
      ...oddLines.map((line) => `.env: line ${line} is not NAME=value, and counts for nothing`),
    ].join('\n'),
  }
}

/** The text of the file, in whatever encoding its editor has written it; undefined where there is none. */
function readEnvFile(): string | undefined {
  if (!existsSync('.env')) return undefined
  // Docker makes a folder where it is to mount a file that is not there.
  if (!statSync('.env').isFile()) throw new Error('.env is a folder: remove it, or make it a file.')
  const bytes = readFileSync('.env')
  const encoding = UTF_16_MARKS.find(([first, second]) => bytes[0] === first && bytes[1] === second)
  // A decoder takes the mark away, and a line may end as on Windows or on an old Mac.
  const text = new TextDecoder(encoding?.[2]).decode(bytes)
  return text.replace(/\r\n?/g, '\n')
}

const UTF_16_MARKS = [
  [0xff, 0xfe, 'utf-16le'],
  [0xfe, 0xff, 'utf-16be'],
] as const

/** The numbers of lines that set nothing, though they are neither empty nor remarks nor parts of a longer value. */
function oddLinesOf(text: string, file: NodeJS.Dict<string>): number[] {
  const values = Object.values(file).filter((value) => value?.includes('\n'))
  return text.split('\n').flatMap((line, index) => {
    const isPart = values.some((value) => value?.includes(line.replace(/["'`]\s*$/, '')))
    const isRead = /^\s*(#|$|(export\s+)?[A-Za-z_]\w*\s*=)/.test(line)
    return isRead || isPart ? [] : [index + 1]
  })
}
