import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type FuzzTarget, fuzzTarget } from './fuzz/target.ts'
import { FUZZ_TARGETS } from './fuzz/targets.ts'
import { runFuzz } from './fuzz.ts'

async function typed(args: string, targets: readonly FuzzTarget[] = [small, large]) {
  const stdout: string[] = []
  const stderr: string[] = []
  const code = await runFuzz(
    args.split(' ').filter((word) => word !== ''),
    { write: (line) => void stdout.push(line), complain: (line) => void stderr.push(line) },
    targets,
  )
  return { code, stdout, stderr: stderr.join('\n') }
}

const tried: Record<string, number[]> = { small: [], large: [] }

function target(name: string, weight: number, holds: (input: number) => void | Promise<void>) {
  return fuzzTarget({ name, fact: 'numbers are small', weight, arbitrary: fc.nat(), holds })
}
const small = target('small', 1, (input) => void tried.small?.push(input))
const large = target('large', 3, (input) => void tried.large?.push(input))

describe('The fuzz command', () => {
  test('shares its inputs out by weight, and draws the same for the same seed', async () => {
    const first = await typed('--inputs 40 --seed 7')
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(first.stdout[0]).toBe('seed 7')
    expect(first.stdout.at(-1)).toMatch(/^all +40 inputs/)
    const drawn = structuredClone(tried)
    expect([drawn.small?.length, drawn.large?.length]).toEqual([10, 30])
    tried.small = []
    await typed('small --inputs 10 --seed 7')
    expect(tried.small).toEqual(drawn.small)
  })

  test('prints a seed that it drew itself, and runs only the targets that are named', async () => {
    const { stdout } = await typed('large --inputs 5')
    expect(stdout[0]).toMatch(/^seed \d+$/)
    expect(stdout).toHaveLength(3)
    expect(stdout[1]).toMatch(/^large +5 inputs +\d+\.\d s +\d+\/s +\d+ MB$/)
  })

  test('a fact that is broken is told with the smallest input that breaks it, and is exit code 1', async () => {
    const broken = target('broken', 1, (input) => {
      if (input > 41) throw new Error('too large')
    })
    const { code, stdout, stderr } = await typed('--seed 7', [broken, small])
    expect(code).toBe(1)
    expect(stderr).toContain('BROKEN broken: numbers are small')
    expect(stderr).toContain('Counterexample: [42]')
    expect(stderr).toContain('too large')
    // The others run all the same.
    expect(stdout.at(-2)).toMatch(/^small/)
  })

  test('a rejection that nobody has handled breaks a fact, too', async () => {
    const broken = target('broken', 1, () => void Promise.reject(new Error('left alone')))
    const { code, stderr } = await typed('--inputs 3', [broken])
    expect(code).toBe(1)
    expect(stderr).toContain('left alone')
  })

  test.each([
    'nothing-of-that-name',
    '--inputs 0',
    '--inputs many',
    '--seed -1',
    '--seed 4294967296',
    '--unknown',
  ])('refuses %s with exit code 2', async (args) => {
    const { code, stderr } = await typed(args)
    expect(code).toBe(2)
    expect(stderr).toContain('--help')
  })

  test('explains itself and names every target', async () => {
    const { code, stdout } = await typed('--help')
    expect(code).toBe(0)
    for (const { name, fact } of FUZZ_TARGETS) {
      expect(stdout.join()).toContain(`  ${name} `)
      expect(stdout.join()).toContain(fact)
    }
    expect(new Set(FUZZ_TARGETS.map(({ name }) => name)).size).toBe(FUZZ_TARGETS.length)
  })
})
