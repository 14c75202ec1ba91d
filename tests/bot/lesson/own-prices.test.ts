import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { violatedInvariants } from '../../rigs/invariants.ts'
import { startWholeBot } from '../../support/whole-bot.ts'

test('a lesson is charged at the prices of PRICES_FILE, before those of the list', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'mluv-prices-'))
  const file = join(dir, 'prices.json')
  const outputPrice = 1_000_000
  writeFileSync(file, JSON.stringify({ 'gpt-realtime-2.1-mini': { output: outputPrice } }))
  const bot = await startWholeBot({ PRICES_FILE: file })
  try {
    const olena = await bot.learner('uk')
    olena.says('Včera jsem šel do obchod.')
    await bot.settled()
    const charges = await bot.db
      .selectFrom('usage')
      .select(['stage', 'output_tokens', 'micro_usd'])
      .execute()
    const speechCharges = charges.filter(({ stage }) => stage === 'speak')
    expect(speechCharges.length).toBeGreaterThan(0)
    for (const { output_tokens, micro_usd } of speechCharges) {
      expect(micro_usd).toBe((output_tokens ?? 0) * outputPrice)
    }
    expect(await violatedInvariants(bot.db)).toEqual([])
  } finally {
    await bot.stop()
    rmSync(dir, { recursive: true })
  }
})

test('a model whose price is not known is named in a warning at the start, and one of a known price is not', async () => {
  const lines: Record<string, unknown>[] = []
  const print = (line: string) => void lines.push(JSON.parse(line))
  const bot = await startWholeBot(
    { LOG_LEVEL: 'info', CHAT_MODEL: 'openai/gpt-6-luna', TTS_MODEL: 'a-voice-of-our-own' },
    { print },
  )
  await bot.stop()
  expect(lines.filter(({ event }) => event === 'price_unknown')).toMatchObject([
    { level: 'warn', stage: 'speak', model: 'a-voice-of-our-own' },
  ])
})
