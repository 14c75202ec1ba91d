import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { precedence } from '../../../lib/app/jobs/precedence.ts'

const sleepForEver = () => new Promise<void>(() => {})

test('work begins at once where no answer is awaited', async () => {
  await precedence({ sleep: sleepForEver, everyMs: 20 }).calm()
})

test('work waits until the last answer is given', async () => {
  const { first, calm } = precedence({ sleep: sleepForEver, everyMs: 20 })
  const answers = [Promise.withResolvers<string>(), Promise.withResolvers<string>()]
  const urgentWorks = answers.map(({ promise }) => first(() => promise))
  let beginCount = 0
  const works = [calm(), calm()].map((turn) => turn.then(() => (beginCount += 1)))
  answers[0]?.resolve('one')
  expect(await urgentWorks[0]).toBe('one')
  await nextTurn()
  expect(beginCount).toBe(0)
  answers[1]?.reject(new Error('no answer'))
  await expect(urgentWorks[1]).rejects.toThrow('no answer')
  await Promise.all(works)
  expect(beginCount).toBe(2)
})

test('one piece of work at a time begins also where answers are always awaited', async () => {
  const endSleeps: (() => void)[] = []
  const waits: number[] = []
  const sleep = (ms: number) => {
    waits.push(ms)
    return new Promise<void>((resolve) => endSleeps.push(resolve))
  }
  const { first, calm } = precedence({ sleep, everyMs: 20 })
  void first(sleepForEver)
  const begunNumbers: number[] = []
  const works = [0, 1].map((piece) => calm().then(() => begunNumbers.push(piece)))
  endSleeps.shift()?.()
  await works[0]
  expect(begunNumbers).toEqual([0])
  await nextTurn()
  await nextTurn()
  endSleeps.shift()?.()
  await works[1]
  expect(begunNumbers).toEqual([0, 1])
  expect(waits).toEqual([20, 20])
})
