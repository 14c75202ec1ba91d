import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { precedence } from '../../../lib/app/jobs/precedence.ts'

const never = () => new Promise<void>(() => {})

test('work begins at once where nobody is waiting for an answer', async () => {
  await precedence({ sleep: never, everyMs: 20 }).calm()
})

test('work waits until the last answer is given', async () => {
  const { first, calm } = precedence({ sleep: never, everyMs: 20 })
  const answers = [Promise.withResolvers<string>(), Promise.withResolvers<string>()]
  const given = answers.map(({ promise }) => first(() => promise))
  let begun = 0
  const works = [calm(), calm()].map((each) => each.then(() => (begun += 1)))
  answers[0]?.resolve('one')
  expect(await given[0]).toBe('one')
  await nextTurn()
  expect(begun).toBe(0)
  answers[1]?.reject(new Error('no answer'))
  await expect(given[1]).rejects.toThrow('no answer')
  await Promise.all(works)
  expect(begun).toBe(2)
})

test('where answers are always being waited for, one piece of work begins at a time all the same', async () => {
  const passed: (() => void)[] = []
  const waits: number[] = []
  const sleep = (ms: number) => {
    waits.push(ms)
    return new Promise<void>((resolve) => passed.push(resolve))
  }
  const { first, calm } = precedence({ sleep, everyMs: 20 })
  void first(never)
  const begun: number[] = []
  const works = [0, 1].map((piece) => calm().then(() => begun.push(piece)))
  passed.shift()?.()
  await works[0]
  expect(begun).toEqual([0])
  await nextTurn()
  await nextTurn()
  passed.shift()?.()
  await works[1]
  expect(begun).toEqual([0, 1])
  expect(waits).toEqual([20, 20])
})
