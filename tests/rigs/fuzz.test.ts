import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type FuzzTarget, fuzzTarget } from './fuzz/target.ts'
import { FUZZ_TARGETS } from './fuzz/targets.ts'
import { runFuzz } from './fuzz.ts'

async function runCommand(
  args: string,
  targets: readonly FuzzTarget[] = [smallTarget, largeTarget],
) {
  const stdout: string[] = []
  const stderr: string[] = []
  const code = await runFuzz(
    args.split(' ').filter((word) => word !== ''),
    { write: (line) => void stdout.push(line), complain: (line) => void stderr.push(line) },
    targets,
  )
  return { code, stdout, stderr: stderr.join('\n') }
}

const inputsOfTarget: Record<string, number[]> = { small: [], large: [] }

function target(name: string, weight: number, holds: (input: number) => void | Promise<void>) {
  return fuzzTarget({ name, fact: 'numbers are small', weight, arbitrary: fc.nat(), holds })
}
const smallTarget = target('small', 1, (input) => void inputsOfTarget.small?.push(input))
const largeTarget = target('large', 3, (input) => void inputsOfTarget.large?.push(input))

describe('The fuzz command', () => {
  test('shares its inputs out by weight, and draws the same for the same seed', async () => {
    const first = await runCommand('--inputs 40 --seed 7')
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(first.stdout[0]).toBe('seed 7')
    expect(first.stdout.at(-1)).toMatch(/^all +40 inputs/)
    const firstInputs = structuredClone(inputsOfTarget)
    expect([firstInputs.small?.length, firstInputs.large?.length]).toEqual([10, 30])
    inputsOfTarget.small = []
    await runCommand('small --inputs 10 --seed 7')
    expect(inputsOfTarget.small).toEqual(firstInputs.small)
  })

  test('prints a seed that it drew itself, and runs only the targets that are named', async () => {
    const { stdout } = await runCommand('large --inputs 5')
    expect(stdout[0]).toMatch(/^seed \d+$/)
    expect(stdout).toHaveLength(3)
    expect(stdout[1]).toMatch(/^large +5 inputs +\d+\.\d s +\d+\/s +\d+ MB$/)
  })

  test('a fact that is broken is told with the smallest input that breaks it, and is exit code 1', async () => {
    const brokenTarget = target('broken', 1, (input) => {
      if (input > 41) throw new Error('too large')
    })
    const { code, stdout, stderr } = await runCommand('--seed 7', [brokenTarget, smallTarget])
    expect(code).toBe(1)
    expect(stderr).toContain('BROKEN broken: numbers are small')
    expect(stderr).toContain('Counterexample: [42]')
    expect(stderr).toContain('too large')
    // The others run all the same.
    expect(stdout.at(-2)).toMatch(/^small/)
  })

  test('a rejection that nobody has handled breaks a fact, too', async () => {
    const brokenTarget = target('broken', 1, () => void Promise.reject(new Error('left alone')))
    const { code, stderr } = await runCommand('--inputs 3', [brokenTarget])
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
    const { code, stderr } = await runCommand(args)
    expect(code).toBe(2)
    expect(stderr).toContain('--help')
  })

  test('explains itself and names every target', async () => {
    const { code, stdout } = await runCommand('--help')
    expect(code).toBe(0)
    for (const { name, fact } of FUZZ_TARGETS) {
      expect(stdout.join()).toContain(`  ${name} `)
      expect(stdout.join()).toContain(fact)
    }
    expect(new Set(FUZZ_TARGETS.map(({ name }) => name)).size).toBe(FUZZ_TARGETS.length)
  })
})
