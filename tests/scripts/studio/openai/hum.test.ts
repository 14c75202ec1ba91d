import { expect, test } from 'vitest'
import { hum } from '../../../../scripts/studio/openai/hum.ts'

test('a hum can be heard, and lasts as long as a voice of that speed would take', async () => {
  const text = 'Dneska jsem byl v obchodě.'
  const usual = await hum(text, 'cedar', 1)
  const slow = await hum(text, 'cedar', 0.5)
  expect(usual.samples.length / usual.sampleRate).toBeCloseTo(2)
  expect(slow.samples.length).toBe(2 * usual.samples.length)
  expect(Math.max(...usual.samples)).toBeGreaterThan(4_000)
})
