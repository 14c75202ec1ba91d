import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import { fieldOf } from '../../../scripts/studio/openai/schema.ts'
import type {
  OpenaiStandIn,
  RecordedRequest,
  Stage,
} from '../../../scripts/studio/openai/stand-in.ts'
import { violatedInvariants } from '../invariants.ts'
import { replySentencesTo } from '../paid-calls.ts'
import type { World } from '../world.ts'
import { type Answer, answersIn } from './answers.ts'
import { byChat, type Crowd, type SentNote } from './crowd.ts'
import { brokenOf, type Totals } from './part.ts'

/** What became of everything that a crowd has sent. */
export type Account = {
  totals: Totals
  answers: readonly Answer[]
  /** Messages of which the product itself says that they may be there twice. */
  countedAsDoubled: number
  /** Runs of jobs beyond each one's first. */
  repeatedRuns: number
  /** Paid steps beyond one a lesson; of speech, whole replies. */
  paidAgain: Record<Stage, number>
  leasesLost: number
  deadlocks: number
  violations: string[]
}

/**
 * Compares what was sent with what is stored, what was paid for, and what is to be seen in the chats.
 *
 * Where processes were killed (`isDisturbed`) a job may have run again, paid again for what was in flight,
 * and a message be there twice if that was counted; else all of it happened once.
 */
export async function accountOf(
  { db, telegram, openai, output }: World,
  crowd: Crowd,
  { isDisturbed }: { isDisturbed: boolean },
): Promise<Account> {
  const chats = [...byChat(crowd)].map(([chatId, notes]) => ({
    notes,
    ...answersIn(telegram.chat(chatId), notes),
  }))
  const answers = chats.flatMap((chat) => chat.answers)
  const jobs = await jobsOf(db)
  const keys = new Map(jobs.map((job) => [job.key, job]))
  const isTaught = ({ note, texts, voices }: Answer) =>
    keys.get(String(note.updateId))?.said === note.said && texts > 0 && voices > 0

  const lostAnswers = answers.filter((answer) => !isTaught(answer))
  const doubledCount = answers.reduce(
    (sum, { texts, voices }) => sum + excessOf(texts) + excessOf(voices),
    0,
  )
  const disorderedChats = chats.filter(
    ({ notes, isInOrder }) => !isInOrder || !isStoredInOrder(notes, jobs),
  )
  const account = {
    totals: { delivered: crowd.notes.length, lost: lostAnswers.length, doubled: doubledCount },
    answers,
    countedAsDoubled: jobs.reduce((sum, job) => sum + job.duplicates_possible, 0),
    repeatedRuns: jobs.reduce((sum, { attempts }) => sum + excessOf(attempts), 0),
    paidAgain: paidBeyond(openai, crowd),
    leasesLost: output().split('"lease_lost"').length - 1,
    deadlocks: await deadlocksIn(db),
  }
  const violations = [
    ...brokenOf([
      [
        lostAnswers.length > 0,
        `${lostAnswers.length} lost, such as ${JSON.stringify(lostAnswers[0])}`,
      ],
      [disorderedChats.length > 0, `out of order in ${disorderedChats.length} chats`],
      [jobs.length !== crowd.notes.length, `${jobs.length} jobs of ${crowd.notes.length} notes`],
    ]),
    ...repetitionsIn(account, isDisturbed),
    ...(await violatedInvariants(db)),
  ]
  return { ...account, violations }
}

/** What took place more often than it may; where nothing was disturbed, that is more than once. */
function repetitionsIn(account: Omit<Account, 'violations'>, isDisturbed: boolean): string[] {
  const { totals, countedAsDoubled, repeatedRuns, leasesLost, deadlocks } = account
  const paidAgain = Math.max(...Object.values(account.paidAgain))
  return brokenOf([
    [totals.doubled > countedAsDoubled, `${totals.doubled - countedAsDoubled} doubled uncounted`],
    [deadlocks > 0, `${deadlocks} deadlocks`],
    [paidAgain > repeatedRuns, `paid again: ${JSON.stringify(account.paidAgain)}`],
    [!isDisturbed && totals.doubled > 0, `${totals.doubled} doubled`],
    [!isDisturbed && repeatedRuns > 0, `${repeatedRuns} jobs claimed again`],
    [!isDisturbed && leasesLost > 0, `${leasesLost} leases lost`],
  ])
}

type StoredJob = {
  key: string
  lane: string
  attempts: number
  duplicates_possible: number
  said: string | null
}

/** The jobs of what was sent, in the order of their arrival, with what was recorded of each: what follows from a lesson is none. */
async function jobsOf(db: Kysely<Tables>): Promise<StoredJob[]> {
  return db
    .selectFrom('inbox')
    .leftJoin('lesson', 'lesson.job_id', 'inbox.id')
    .select(['key', 'lane', 'attempts', 'duplicates_possible', 'said'])
    .where('source', 'like', 'tg:%')
    .orderBy('inbox.id')
    .execute()
}

function isStoredInOrder(notes: readonly SentNote[], jobs: readonly StoredJob[]): boolean {
  const lane = `chat:${notes[0]?.chatId}`
  const storedKeys = jobs.filter((job) => job.lane === lane).map(({ key }) => key)
  return storedKeys.join() === notes.map(({ updateId }) => String(updateId)).join()
}

function paidBeyond({ count, requests }: OpenaiStandIn, { notes }: Crowd): Record<Stage, number> {
  const sentences = notes.reduce((sum, { said: text }) => sum + replySentencesTo(text).length, 0)
  return {
    transcribe: count('transcribe') - notes.length,
    reply: requests.filter(isOfLesson).length - notes.length,
    speak: Math.ceil(count('speak') / (sentences / notes.length) - notes.length),
  }
}

/** What is remembered of learners is looked for beside their lessons. */
function isOfLesson({ stage, fields }: RecordedRequest): boolean {
  return stage === 'reply' && fieldOf(fields, 'response_format', 'json_schema', 'name') !== 'facts'
}

export async function deadlocksIn(db: Kysely<Tables>): Promise<number> {
  const { rows } = await sql<{ deadlocks: number }>`
    select deadlocks from pg_stat_database where datname = current_database()`.execute(db)
  return rows[0]?.deadlocks ?? 0
}

function excessOf(count: number): number {
  return Math.max(0, count - 1)
}
