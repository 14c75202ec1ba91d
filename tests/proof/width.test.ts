import { expect, test } from 'vitest'
import { rowsOfProof } from '../support/proof-width.ts'

const ROWS = ['a1', 'b1', 'a2', 'c1', 'b2']

test('The bounded proof plays the first row of each kind', () => {
  expect(rowsOfProof(ROWS, ([kind]) => kind, false)).toEqual(['a1', 'b1', 'c1'])
})

test('The whole proof plays every row', () => {
  expect(rowsOfProof(ROWS, ([kind]) => kind, true)).toEqual(ROWS)
})
