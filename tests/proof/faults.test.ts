import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { secretsIn, violatedInvariants } from '../rigs/invariants.ts'
import { countPaidRequests } from '../rigs/paid-calls.ts'
import { rowsOfProof } from '../support/proof-width.ts'
import { RECORDED, startWholeBot, type WholeBot } from '../support/whole-bot.ts'
import { LEARNERS_TEXT } from './fault-acts.ts'
import { expectationOf, outcomeOf } from './fault-outcome.ts'
import { type FaultRow, kindOf } from './fault-row.ts'
import { play } from './fault-scene.ts'
import { type Deadlines, holdDeadlines } from './held-deadlines.ts'
import { OPENAI_FAULTS } from './openai-fault-table.ts'
import { OPENAI_KEY } from './openai-injections.ts'
import { TELEGRAM_FAULTS } from './telegram-fault-table.ts'

type Scene = { bot: WholeBot; lines: string[] }

const SPEAKERS = { 'by realtime socket': 'gpt-realtime-2.1-mini', 'by REST': 'gpt-4o-mini-tts' }

const scenes = new Map<FaultRow['speaks'], Scene>()
let deadlines: Deadlines

beforeAll(async () => {
  for (const speaks of ['by realtime socket', 'by REST'] as const) {
    const lines: string[] = []
    const env = { OPENAI_API_KEY: OPENAI_KEY, TTS_MODEL: SPEAKERS[speaks], LOG_LEVEL: 'debug' }
    const print = (line: string) => void lines.push(line)
    const bot = await startWholeBot(env, { print, waitsPass: true, isTerse: true })
    scenes.set(speaks, { bot, lines })
  }
})
afterAll(() => Promise.all([...scenes.values()].map(({ bot }) => bot.stop())))

beforeEach(() => {
  deadlines = holdDeadlines()
})
afterEach(() => void vi.restoreAllMocks())

describe.each<[string, FaultRow[]]>([
  ['OpenAI', OPENAI_FAULTS],
  ['Telegram', TELEGRAM_FAULTS],
])('after a fault of %s', (_, rows) => {
  const rowsToPlay = rowsOfProof(rows, kindOf)
  test.each(rowsToPlay.map((row) => [row.title, row] as const))('%s', async (_, row) => {
    const scene = scenes.get(row.speaks)
    if (scene === undefined) throw new Error(`There is no speaker ${row.speaks}.`)
    const { bot } = scene
    const scenePlay = await play(bot, row, deadlines, scene.lines)
    const lines = scene.lines.slice(scenePlay.since.lines)
    const paidRequests = countPaidRequests(bot.openai.requests.slice(scenePlay.since.requests))
    expect(await outcomeOf(bot, row, scenePlay, lines)).toEqual(
      expectationOf(row.expectation, paidRequests),
    )

    const { job, gain } = row.expectation
    const successes = lines.filter((line) => line.includes('_message_processed_successfully'))
    expect(successes).toHaveLength(job === 'done' && gain === 'a lesson' ? 1 : 0)
    expect(wordsIn(lines)).toEqual([])
    expect(secretsIn(lines.join(''), { OPENAI_KEY, TOKEN: bot.telegram.token })).toEqual([])
    expect(lines.filter((line) => line.includes('[redacted]'))).toEqual([])

    expect(await violatedInvariants(bot.db)).toEqual([])
    const breakers = bot.db.selectFrom('breaker').where('provider', 'not like', 'speak %')
    expect(await breakers.selectAll().execute()).toEqual([])
    // The next message in the lane of the job is answered, even where the job is dead.
    const before = scenePlay.person.read().length
    scenePlay.person.says('/help')
    await bot.settled()
    expect(scenePlay.person.read()).toHaveLength(before + 1)
  })
})

/** The words of learners and of the tutor that stand in a log, where none may. */
function wordsIn(lines: readonly string[]): string[] {
  const words = [RECORDED.shop.text, LEARNERS_TEXT, 'Čerstvý chleba', 'To mě zajímá', 'Olena']
  return words.filter((word) => lines.some((line) => line.includes(word)))
}
