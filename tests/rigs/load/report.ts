import type { Attempt } from '../../../scripts/studio/telegram/attempts.ts'
import { alignRows, type Row } from '../aligned-table.ts'
import type { Account } from './account.ts'
import type { Answer } from './answers.ts'
import { number, spread } from './table.ts'
import type { Usage } from './usage.ts'

/** What a scenario has taken and what came of it, as tables. */
export function tableOf(attempts: readonly Attempt[], account: Account, usage: Usage): string[] {
  return [
    ...alignRows(timesOf(attempts, account)),
    '',
    ...alignRows(factsOf(attempts, account, usage)),
  ]
}

/** How long it took from the first delivery of a note to each of its answers. */
function timesOf(attempts: readonly Attempt[], account: Account): Row[] {
  const sentAt = firstDeliveries(attempts)
  const after = (moment: (answer: Answer) => number | undefined) =>
    account.answers.flatMap((answer) => {
      const at = moment(answer)
      const from = sentAt.get(answer.note.updateId)
      return at === undefined || from === undefined ? [] : [(at - from) / 1000]
    })
  const transcripts = after(({ heardAt }) => heardAt)
  const verdicts = after(({ verdictAt }) => verdictAt)
  const voices = after(({ voiceAt }) => voiceAt)
  return [
    ['', 'p50', 'p99', 'max'],
    ['webhook acknowledged, ms', ...spread(acknowledgedMs(attempts), 0)],
    ['heard shown, s', ...spread(transcripts, 1)],
    ['verdict, s', ...spread(verdicts, 1)],
    ['voice, s', ...spread(voices, 1)],
  ]
}

function factsOf(attempts: readonly Attempt[], account: Account, usage: Usage): Row[] {
  const { paidAgain, totals } = account
  const lessons = account.answers.length
  const voices = account.answers.flatMap(({ voiceAt }) => voiceAt ?? [])
  const sentAt = [...firstDeliveries(attempts).values()]
  const seconds = (Math.max(...voices) - Math.min(...sentAt)) / 1000
  const refusals = attempts.filter(({ outcome }) => outcome?.ok !== true).length
  return [
    ['voice notes', String(totals.delivered)],
    ['lost', String(totals.lost)],
    ['doubled, and counted as possible', `${totals.doubled} ${account.countedAsDoubled}`],
    ['runs repeated', String(account.repeatedRuns)],
    [
      'paid again: transcribe, reply, speak',
      `${paidAgain.transcribe} ${paidAgain.reply} ${paidAgain.speak}`,
    ],
    ['leases lost, deadlocks', `${account.leasesLost} ${account.deadlocks}`],
    ['deliveries not answered 200, and sent again', String(refusals)],
    ['lessons a second', number(lessons / seconds, 1)],
    ['memory of the largest instance, MB', number(usage.memoryMb, 0)],
    ['CPU of the instances, ms a lesson', number((usage.cpuSeconds * 1000) / lessons, 0)],
    ['CPU of the stand-ins, ms a lesson', number((usage.ownCpuSeconds * 1000) / lessons, 0)],
    ['the stand-ins late by at most, ms', number(usage.ownDelayMs, 0)],
    ['database connections at most', String(usage.connections)],
    ['transactions a lesson', number(usage.transactions / lessons, 1)],
  ]
}

/** When Telegram first tried to deliver each update. */
function firstDeliveries(attempts: readonly Attempt[]): Map<number, number> {
  const first = new Map<number, number>()
  for (const { updateId, at } of attempts) if (!first.has(updateId)) first.set(updateId, at)
  return first
}

function acknowledgedMs(attempts: readonly Attempt[]): number[] {
  return attempts.flatMap(({ next, tookMs }) =>
    next === 'acknowledged' && tookMs !== null ? [tookMs] : [],
  )
}
