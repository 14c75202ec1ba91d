import type { Kysely } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import type { Stage } from '../../../scripts/studio/openai/stand-in.ts'
import type { ChatMessage } from '../../../scripts/studio/telegram/chats.ts'
import { violatedInvariants } from '../invariants.ts'
import type { Fault } from './faults.ts'
import type { Scenario } from './scenario.ts'

/** The answer to a delivery of Telegram or to a request of a client. */
export type Answer = {
  status: number
  /** It says when to ask again. */
  asksAgain: boolean
  /** Why there was no answer at all; then the status is 0. */
  error?: string
}

export type FoundJob = {
  state: string
  attempts: number
  duplicates_possible: number
  last_error: string | null
  /** The lesson that it led to. */
  lesson: number | null
}

/** What is to be found after a run. */
export type Found = {
  /** All answers, oldest first, those of the first attempts before those of the later ones. */
  answers: Answer[]
  jobs: FoundJob[]
  /** Requests to the provider. */
  paidCalls: Record<Stage, number>
  /** How many statements and attempts to connect did not get through. */
  harmCount: number
  /** The steps that the journal held when the fault struck. */
  journaledStages: ReadonlySet<string>
  messages: readonly ChatMessage[]
  /** The events that the product logged as errors. */
  errors: readonly string[]
}

/** Everything in which a run has broken the promise: a job lost, or a message or payment doubled without need. */
export async function wrongIn(
  db: Kysely<Tables>,
  scenario: Scenario,
  fault: Fault | undefined,
  findings: Found,
): Promise<string[]> {
  const isUnnoticed = fault === undefined || fault.isRepeated === true
  return [
    ...wrongAnswers(findings.answers, scenario, fault),
    ...(isUnnoticed && findings.answers.some(({ status }) => status !== 200)
      ? ['what is to be repeated in its place was refused']
      : []),
    ...wrongErrors(findings.errors, isUnnoticed, fault?.isOurs === true),
    ...wrongJobs(findings.jobs, scenario),
    ...wrongPayments(findings, scenario, isUnnoticed),
    ...wrongMessages(findings, scenario),
    ...(await violatedInvariants(db)),
  ]
}

/** A refusal says that it is for now, and when to ask again. */
function wrongAnswers(answers: Answer[], { isProbe }: Scenario, fault: Fault | undefined) {
  const isRight = ({ status, asksAgain }: Answer) =>
    status === 200 ||
    (status === 503 && (asksAgain || isProbe === true)) ||
    // A request whose job is held, until its lease lapses.
    (status === 409 && asksAgain) ||
    (status === 500 && fault?.isOurs === true)
  const wrongAnswers = answers.filter((answer) => !isRight(answer))
  const last = answers.at(-1)
  return [
    ...wrongAnswers.map(({ status, asksAgain, error }) =>
      error === undefined ? `answered ${status}${asksAgain ? '' : ', for good'}` : error,
    ),
    ...(last?.status === 200 ? [] : [`in the end it was answered ${last?.status}`]),
  ]
}

/** What the database cannot do for now is no bug of ours, and no job dies of it. */
function wrongErrors(errors: readonly string[], isUnnoticed: boolean, isOurs: boolean): string[] {
  if (isOurs) return []
  const wrongErrors = errors.filter(
    (event) => isUnnoticed || event === 'unhandled_exception' || event === 'job_dead',
  )
  return wrongErrors.map((event) => `${event} was logged`)
}

function wrongJobs(jobs: FoundJob[], { makes }: Scenario): string[] {
  const unfinishedJobs = jobs.filter(({ state }) => state !== 'done')
  const lessons = jobs.filter(({ lesson }) => lesson !== null).length
  return [
    ...(makes.jobs === undefined || jobs.length === makes.jobs
      ? []
      : [`${jobs.length} jobs, not ${makes.jobs}`]),
    ...unfinishedJobs.map(({ state, last_error }) => `a job is ${state}: ${last_error}`),
    ...(lessons === makes.lessons ? [] : [`${lessons} lessons, not ${makes.lessons}`]),
  ]
}

/** What the journal held is paid for once; what was not yet remembered, once more for each harm at most. */
function wrongPayments(
  { paidCalls, journaledStages, harmCount }: Found,
  { pays, steps }: Scenario,
  isUnnoticed: boolean,
) {
  return pays.flatMap((stage) => {
    const maxCalls = isUnnoticed || journaledStages.has(steps?.[stage] ?? stage) ? 1 : 1 + harmCount
    return paidCalls[stage] >= 1 && paidCalls[stage] <= maxCalls
      ? []
      : [`${stage} was paid for ${paidCalls[stage]} times, not ${maxCalls} at most`]
  })
}

/** What is sent twice is counted as possibly so. */
function wrongMessages({ messages, jobs }: Found, { makes }: Scenario): string[] {
  const botMessages = messages.filter(({ author }) => author === 'bot')
  const voices = botMessages.filter(({ file }) => file?.kind === 'voice').length
  const texts = botMessages.length - voices
  const countedDuplicates = jobs.reduce((sum, job) => sum + job.duplicates_possible, 0)
  const duplicates = voices - makes.voices + (texts - makes.texts)
  const isWhole = voices >= makes.voices && texts >= makes.texts
  return isWhole && duplicates <= countedDuplicates
    ? []
    : [
        `${voices} voice notes and ${texts} texts, not ${makes.voices} and ${makes.texts}; ${countedDuplicates} sendings unknowable`,
      ]
}
