import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  ALERT_EVERY_MS,
  ALERT_KINDS,
  type AlertKind,
  type AlertState,
  alertOf,
  nextStep,
  type Trouble,
} from '../../../lib/domain/alert/alert.ts'
import { allClearOf } from '../../../lib/domain/alert/all-clear.ts'

const START = Date.parse('2026-11-28T03:00:00Z')
const MINUTE = 60_000
const at = (minutes: number) => new Date(START + minutes * MINUTE)
const quiet = (kind: AlertKind): AlertState => ({
  kind,
  level: 0,
  since: null,
  sentAt: null,
  isTold: false,
})
const troubleAt = (level: number): Trouble => ({ level, summary: 'Bad.', fix: 'npm run doctor' })

/** What is told while looks find these levels at these minutes; null is no trouble. */
function play(kind: AlertKind, looks: readonly (readonly [number, number | null])[]) {
  let state = quiet(kind)
  return looks.flatMap(([minutes, level]) => {
    const trouble = level === null ? null : troubleAt(level)
    const step = nextStep(state, trouble, at(minutes))
    state = step.state
    return step.message === null ? [] : [{ minutes, level, message: step.message }]
  })
}

const messagesOf = (kind: AlertKind, looks: readonly (readonly [number, number | null])[]) =>
  play(kind, looks).map(({ minutes, message }) => `${minutes} ${message}`)

test('trouble that makes lessons fail is told again each hour, and its end once', () => {
  const looks = [0, 1, 59, 60, 61, 120].map((minutes) => [minutes, 0] as const)
  expect(messagesOf('slow', [...looks, [130, null], [131, null]])).toEqual([
    '0 alert',
    '60 alert',
    '120 alert',
    '130 over',
  ])
})

test('a budget and a model’s end are told once for each degree', () => {
  const looks = [
    [0, 80],
    [61, 80],
    [70, 100],
    [200, 100],
    [210, 80],
    [300, null],
  ] as const
  expect(messagesOf('budget', looks)).toEqual(['0 alert', '70 alert', '300 over'])
})

test('trouble that comes and goes is told once an hour, and an end is told only of what was told', () => {
  const looks = [
    [0, 0],
    [1, null],
    [2, 0],
    [3, null],
    [59, 0],
    [60, 0],
  ] as const
  expect(messagesOf('errors', looks)).toEqual(['0 alert', '1 over', '60 alert'])
})

test('no kind and degree is told twice within an hour, and each end follows what was told, whatever comes', () => {
  const look = fc.tuple(
    fc.integer({ min: 1, max: 40 }),
    fc.constantFrom<(number | null)[]>(null, 0, 80, 100),
  )
  fc.assert(
    fc.property(
      fc.constantFrom(...ALERT_KINDS),
      fc.array(look, { maxLength: 40 }),
      (kind, list) => {
        let minutes = 0
        const looks = list.map(([gap, level]) => {
          minutes += gap
          return [minutes, level] as const
        })
        const messages = play(kind, looks)
        const lastAt = new Map<number | null, number>()
        let isTold = false
        for (const { minutes: now, level, message } of messages) {
          if (message === 'over') {
            expect(isTold).toBe(true)
            isTold = false
            continue
          }
          const before = lastAt.get(level)
          if (before !== undefined)
            expect((now - before) * MINUTE).toBeGreaterThanOrEqual(ALERT_EVERY_MS)
          lastAt.set(level, now)
          isTold = true
        }
      },
    ),
  )
})

test('an alert has its degree in its kind, and an all-clear says how long it was', () => {
  const link = 'https://bot.example/health'
  expect(alertOf('budget', troubleAt(80), at(0), link)).toEqual({
    kind: 'budget-80',
    summary: 'Bad.',
    fix: 'npm run doctor',
    since: '2026-11-28T03:00:00.000Z',
    link,
  })
  expect(alertOf('model', troubleAt(100 - 14), at(0), null).kind).toBe('model-14')
  const state = { ...quiet('slow'), since: at(0), isTold: true }
  expect(allClearOf(state, at(42), null)).toMatchObject({
    kind: 'slow',
    summary: 'Over: answers are quick again. It lasted 42 min.',
    fix: '',
  })
})
