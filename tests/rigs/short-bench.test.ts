import { expect, test } from 'vitest'
import { describePostgres } from '../support/databases.ts'
import { bench } from './bench.ts'

async function run(args: string[]) {
  const printed: string[] = []
  const complaints: string[] = []
  const exitCode = await bench(args, {
    write: (line) => printed.push(line),
    complain: (line) => complaints.push(line),
  })
  return { exitCode, printed: printed.join('\n'), complaint: complaints.join('\n') }
}

describePostgres('A run as short as can be', () => {
  const short = ['--runs', '1', '--scale', '0.02', '--verbose']

  test('lesson: waits, floors and round trips of voice and text', async () => {
    const { exitCode, printed, complaint } = await run(['lesson', ...short])
    expect(complaint).toBe('')
    expect(exitCode).toBe(0)
    for (const lesson of ['voice lesson', 'text lesson', 'voice lesson, REST']) {
      expect(printed).toMatch(new RegExp(`^${lesson}: voice note +1 +\\d`, 'm'))
      expect(printed).toMatch(new RegExp(`^${lesson}: voice note / floor +1 .*<= 1\\.10`, 'm'))
      expect(printed).toMatch(new RegExp(`^${lesson}: voice note / in turn +1 .*<= 0\\.55`, 'm'))
    }
    expect(printed).toMatch(/^voice lesson: first text +1 .*<= \d+/m)
    expect(printed).toMatch(/^voice lesson: round trips, transcript to verdict +1 +[1-9].*<= 6/m)
    expect(printed).toMatch(/^first of a process: voice note +1 +\d/m)
    // The list of what was counted, of --verbose.
    expect(printed).toMatch(/^ +\d+ ms .*with mine as \(select id from inbox .*payer as/m)
  })

  test('overhead: milliseconds, CPU and lessons a second', async () => {
    const { exitCode, printed, complaint } = await run(['overhead', ...short])
    expect(complaint).toBe('')
    expect(exitCode).toBe(0)
    for (const kind of ['voice', 'text']) {
      expect(printed).toMatch(new RegExp(`^${kind} lesson: own overhead +1 +\\d.*<= 60`, 'm'))
      expect(printed).toMatch(new RegExp(`^${kind} lesson: CPU +1 +\\d`, 'm'))
      expect(printed).toMatch(new RegExp(`^${kind} lessons at once +1 +\\d.* 1/s$`, 'm'))
    }
  })

  test('ack: ours beside bare grammY and telegraf, over 1, 20 and 200 connections', async () => {
    const { exitCode, printed, complaint } = await run(['ack', ...short])
    expect(complaint).toBe('')
    expect(exitCode).toBe(0)
    for (const connections of [1, 20, 200]) {
      for (const server of ['ours', 'ours, lanes held', 'bare grammy', 'bare telegraf']) {
        const row = `^${connections} connections, ${server}: p99 +1 +\\d`
        expect(printed).toMatch(new RegExp(row, 'm'))
      }
    }
    expect(printed).toMatch(/^20 connections, ours: p99 \/ bare telegraf’s +1 .*<= 1\.30/m)
  })

  test('statements: one for an acknowledgement, more for all else', async () => {
    const { exitCode, printed, complaint } = await run(['statements', ...short])
    expect(complaint).toBe('')
    expect(exitCode).toBe(0)
    expect(printed).toMatch(/^ack +1 +1 +1 .*statements +<= 1 +yes$/m)
    expect(printed).toMatch(/^voice lesson +1 +\d\d .*statements +<= 16/m)
    for (const row of ['text lesson', 'onboarding tap: level', 'API lesson, text']) {
      expect(printed).toMatch(new RegExp(`^${row} +1 +([2-9]|\\d\\d) .*round trips$`, 'm'))
    }
  })
})
