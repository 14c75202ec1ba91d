import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { openDatabase } from '../../db/open.ts'
import { speak } from '../../scripts/studio/openai/speech.ts'
import type { RecordedRequest, Stage } from '../../scripts/studio/openai/stand-in.ts'
import { describePostgres } from '../support/databases.ts'
import type { Part } from './bench/part.ts'
import { openPostgresTap, type Statement } from './bench/postgres-tap.ts'
import { planFaultsOf } from './bench/query-plans.ts'
import { bench } from './bench.ts'
import { providerTimesOf, sentencesOf } from './provider-times.ts'
import { quantile, spreadOf } from './statistics.ts'

async function run(args: string[], parts?: Part[]) {
  const printed: string[] = []
  const complaints: string[] = []
  const exitCode = await bench(
    args,
    { write: (line) => printed.push(line), complain: (line) => complaints.push(line) },
    parts,
  )
  return { exitCode, printed: printed.join('\n'), complaint: complaints.join('\n') }
}

/** A part that has measured these values. */
function partOf(values: number[], limit: number): Part {
  const figures = [{ label: 'a wait', unit: 'ms', values, limit }]
  return { name: 'fake', about: 'a fake', run: async () => ({ figures, notes: ['as it were'] }) }
}

describe('npm run bench', () => {
  test('--help names every part', async () => {
    const { exitCode, printed } = await run(['--help'])
    expect(exitCode).toBe(0)
    const parts = [
      'lesson',
      'overhead',
      'ack',
      'cold',
      'statements',
      'growth',
      'memory',
      'taps',
      'cache',
    ]
    for (const name of parts) expect(printed).toMatch(new RegExp(`^  ${name} `, 'm'))
  })

  test.each([
    ['a part that there is not', ['speed'], /no part "speed"/],
    ['no number of runs', ['lesson', '--runs', 'many'], /--runs must be a whole number/],
    ['a scale that slows down', ['lesson', '--scale', '2'], /--scale/],
    ['an option it does not know', ['--fast'], /--fast/],
  ])('%s ends with 2 and says why', async (_, args, message) => {
    const { exitCode, complaint } = await run(args)
    expect(exitCode).toBe(2)
    expect(complaint).toMatch(message)
  })

  test('prints median and spread, and in the summary what keeps its limit', async () => {
    const { exitCode, printed } = await run([], [partOf([5, 1, 3, 2, 4], 3)])
    expect(exitCode).toBe(0)
    expect(printed).toMatch(/^a wait +5 +3 +1 +1\.40 +4\.60 +5 +ms +<= 3 +yes$/m)
    expect(printed).toMatch(/== summary\n.*\na wait +3 +<= 3 +ms +yes$/)
    expect(printed).toContain('as it were')
  })

  test('a missed limit is told, and is no failure', async () => {
    const { exitCode, printed } = await run([], [partOf([3.5], 3)])
    expect(exitCode).toBe(0)
    expect(printed).toMatch(/^a wait .*<= 3 +NO$/m)
  })

  test('what cannot be measured ends with 1 and says what went wrong', async () => {
    const brokenPart: Part = {
      ...partOf([], 0),
      run: () => Promise.reject(new Error('no database')),
    }
    const { exitCode, complaint } = await run([], [brokenPart])
    expect(exitCode).toBe(1)
    expect(complaint).toMatch(/fake could not be measured: .*no database/)
  })
})

describePostgres('The tap on PostgreSQL', (database) => {
  test('sees each statement with its parameters, which reads a large table whole and which is compiled', async () => {
    const { db, url = '' } = database()
    await sql`insert into learner (telegram_id, native_language)
      select n, 'cs' from generate_series(1, 2000) as n`.execute(db)
    await sql`analyze`.execute(db)
    const tap = await openPostgresTap(url)
    const tappedDatabase = await openDatabase({ url: tap.url, pgliteDir: '' })
    await tappedDatabase.db.transaction().execute(async (trx) => {
      await trx.selectFrom('learner').select('id').where('telegram_id', '=', 7).execute()
      await trx.selectFrom('learner').select('id').where('native_language', '=', 'ru').execute()
      await sql`select ${Buffer.from('bytes')}::bytea, ${null}::text`.execute(trx)
    })
    await tappedDatabase.close()
    await tap.close()

    expect(tap.statements).toMatchObject([
      // What each connection begins with.
      { sql: expect.stringContaining('set datestyle') },
      { sql: expect.stringMatching(/^begin; set local/) },
      { sql: 'select "id" from "learner" where "telegram_id" = $1', parameters: ['7'] },
      { sql: 'select "id" from "learner" where "native_language" = $1', parameters: ['ru'] },
      { sql: 'select $1::bytea, $2::text', parameters: [Buffer.from('bytes'), null] },
      { sql: 'commit' },
    ])
    for (const { isRoundTrip, sentAt, answeredAt = 0 } of tap.statements) {
      expect(isRoundTrip).toBe(true)
      expect(answeredAt).toBeGreaterThanOrEqual(sentAt)
    }
    const costly = {
      ...tap.statements[2],
      sql: 'select from learner as one, learner as two, learner as three',
      parameters: [],
    } as Statement
    const faults = await planFaultsOf(url, [...tap.statements, costly])
    expect(faults.statementCount).toBe(4)
    expect(faults.compiledStatements).toEqual([costly])
    expect(faults.wholeReads).toContainEqual({
      statement: tap.statements[3],
      table: 'learner',
      rows: 2000,
    })
  })
})

test('a quantile lies between two values', () => {
  expect(quantile([10, 20], 0.5)).toBe(15)
  expect(quantile([3, 1, 2], 1)).toBe(3)
  expect(quantile([], 0.5)).toBeNaN()
  expect(spreadOf([7])).toEqual({ min: 7, p10: 7, median: 7, p90: 7, max: 7 })
})

describe('The provider alone', () => {
  const reply = 'Ahoj! Řekla „dost“ a odešla. A kam?'
  const request = (stage: Stage, fields: Partial<RecordedRequest>): RecordedRequest => ({
    ...{ stage, path: '', headers: {}, fields: { voice: 'cedar', speed: 1 } },
    isPaid: true,
    timeline: { at: 1_000, tokens: [] },
    ...fields,
  })
  // A token is a character, a millisecond each.
  const content = JSON.stringify({ reply, corrected_text: 'x'.repeat(100) })
  const tokens = [...content].map((text, at) => ({ at: 2_000 + at, text }))
  const requests = [
    request('transcribe', { timeline: { at: 1_000, endAt: 1_600, tokens: [] } }),
    request('reply', { timeline: { at: 1_500, endAt: 2_000 + content.length, tokens } }),
    request('speak', {}),
  ]

  test('cannot be faster than its slowest sentence', async () => {
    const latency = { speechFirstByteMs: 300, speechRealtimeFactor: 5 }
    const speechMs = async (text: string) => {
      const { samples, sampleRate } = await speak(text, 'cedar', 1)
      return 300 + (samples.length / sampleRate / 5) * 1_000
    }
    const [, second] = sentencesOf(reply)
    const secondEnds = content.indexOf('odešla.') + 'odešla.'.length - 1
    const times = await providerTimesOf(requests, latency)
    expect(times.recognitionMs).toBe(600)
    expect(times.floorMs).toBeCloseTo(
      600 + (2_000 + secondEnds - 1_500) + (await speechMs(second?.text ?? '')),
    )
    expect(times.serialMs).toBeCloseTo(600 + (500 + content.length) + (await speechMs(reply)))
  })

  test('sentences end where a Czech would stop', () => {
    expect(sentencesOf(reply).map(({ text }) => text)).toEqual([
      'Ahoj!',
      'Řekla „dost“ a odešla.',
      'A kam?',
    ])
    expect(sentencesOf(reply).at(-1)?.end).toBe(reply.length)
  })
})
