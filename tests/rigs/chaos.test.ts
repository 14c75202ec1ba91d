import { describe, expect, test } from 'vitest'
import { chaos } from './chaos.ts'
import type { Part, PartOptions } from './part.ts'

/** Parts that find what is arranged, and the options that they were run with. */
function parts(findingsOfPart: Record<string, string[]>) {
  const calls: [string, Omit<PartOptions, 'write'>][] = []
  const list = Object.entries(findingsOfPart).map(([name, violations]): Part => {
    const run: Part['run'] = async ({ write, ...options }) => {
      calls.push([name, options])
      write(`${name} was at work`)
      return { violations }
    }
    return { name, about: `does ${name}`, run }
  })
  return { list, ran: calls }
}

async function runCommand(args: string, list: readonly Part[]) {
  const stdout: string[] = []
  const stderr: string[] = []
  const code = await chaos(
    args.split(' ').filter((word) => word !== ''),
    { write: (line) => stdout.push(line), complain: (line) => stderr.push(line) },
    list,
  )
  return { code, stdout: stdout.join('\n'), stderr: stderr.join('\n') }
}

describe('The chaos command', () => {
  test('runs every part without a name, in order, and ends with 0 where nothing was broken', async () => {
    const { list, ran } = parts({ flood: [], drought: [] })
    const { code, stdout } = await runCommand('', list)
    expect(code).toBe(0)
    expect(ran.map(([name]) => name)).toEqual(['flood', 'drought'])
    expect(stdout).toMatch(/flood was at work[\s\S]*The promise holds/)
  })

  test('ends with 1 where a part has found something, and says what', async () => {
    const { list } = parts({ flood: ['a lesson is lost'], drought: [] })
    const { code, stderr } = await runCommand('', list)
    expect(code).toBe(1)
    expect(stderr).toBe('BROKEN flood: a lesson is lost')
  })

  test('hands seed, scale and words on to the parts that are named', async () => {
    const { list, ran } = parts({ flood: [], drought: [] })
    await runCommand('drought --seed 7 --scale 0.5 --only voice --only tap', list)
    expect(ran).toEqual([['drought', { seed: 7, scale: 0.5, only: ['voice', 'tap'] }]])
  })

  test.each(['fire', '--seed x', '--seed -1', '--scale 0', '--scale much', '--speed 3'])(
    'ends with 2 and runs nothing: %s',
    async (args) => {
      const { list, ran } = parts({ flood: [] })
      const { code, stderr } = await runCommand(args, list)
      expect({ code, ran }).toEqual({ code: 2, ran: [] })
      expect(stderr).toMatch(/--help/)
    },
  )

  test('explains itself and its parts', async () => {
    const { list, ran } = parts({ flood: [] })
    const { code, stdout } = await runCommand('flood --help', list)
    expect({ code, ran }).toEqual({ code: 0, ran: [] })
    expect(stdout).toMatch(/flood +does flood/)
  })
})
