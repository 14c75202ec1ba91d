import { parseArgs } from 'node:util'
import type { Database } from '../db/open.ts'
import { redactor } from '../lib/adapters/log.ts'
import { discardJob, findJob, listJobs, retryJob } from '../lib/adapters/postgres/job-records.ts'
import { JOB_STATES, type JobChange, type JobRecord } from '../lib/app/jobs/job-record.ts'
import { secretsOf } from '../lib/config/secrets.ts'
import { alignColumns } from './cli/columns.ts'
import {
  DONE,
  failed,
  main,
  type Outcome,
  type Script,
  type Terminal,
  wrongUsage,
} from './cli/command-line.ts'
import { withDatabase } from './cli/operator-database.ts'

/** `npm run jobs`: the jobs that wait or have failed, and what an operator does with them. */
export const JOBS: Script = {
  name: 'npm run jobs --',
  help: `Jobs: messages and requests that wait, or that could not be answered.

  npm run jobs -- list [--state ${JOB_STATES.join('|')}] [--json]
      the newest 500: id, source, state, lane, learner, attempts, age, code of the last error
  npm run jobs -- show ID          also the last error and the steps of its journal; never what was said
  npm run jobs -- retry ID ...     lets dead or poisoned jobs run again, at the next sweep: what they paid for is
                                   not paid again, and their lesson counts for its own day
  npm run jobs -- discard ID ...   ends them for good, and forgets what they said

The database: DATABASE_URL, else POSTGRES_URL, else PGlite in PGLITE_DIR: before npm start, which holds that folder.

Exit code: 0 done, 1 failed, 2 wrong usage.`,
  commands: {
    list,
    show,
    retry: changing(retryJob, 'runs again at the next sweep', 'nothing to retry'),
    discard: changing(discardJob, 'is discarded', 'nothing to discard'),
  },
}

const MAX_LISTED = 500

async function list(args: string[], terminal: Terminal): Promise<Outcome> {
  const { values } = parseArgs({
    args,
    options: { state: { type: 'string' }, json: { type: 'boolean', default: false } },
  })
  const state = JOB_STATES.find((name) => name === values.state)
  if (values.state !== undefined && state === undefined) {
    return wrongUsage(`--state takes one of ${JOB_STATES.join(', ')}.`)
  }
  return withJobs(terminal, async ({ db }) => {
    const jobs = await listJobs(db, { state, limit: MAX_LISTED })
    if (values.json) terminal.write(JSON.stringify(jobs.map(jsonOf), null, 2))
    else for (const line of alignColumns([HEAD, ...jobs.map(cellsOf)])) terminal.write(line)
    return DONE
  })
}

const HEAD = ['id', 'source', 'state', 'lane', 'learner', 'attempts', 'age', 'last error']

function cellsOf(job: JobRecord): string[] {
  const { id, source, state, lane, learnerId, attempts, ageSeconds, errorCode } = job
  const learner = learnerId === null ? '-' : String(learnerId)
  const cells = [String(id), source, state, lane, learner, String(attempts)]
  return [...cells, ageInWords(ageSeconds), errorCode ?? '-']
}

function jsonOf(job: JobRecord) {
  return {
    id: job.id,
    source: job.source,
    state: job.state,
    lane: job.lane,
    learner_id: job.learnerId,
    attempts: job.attempts,
    age_seconds: Math.round(job.ageSeconds),
    last_error: job.errorCode,
  }
}

function ageInWords(seconds: number): string {
  if (seconds < 120) return `${Math.max(0, Math.round(seconds))} s`
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800
    ? `${Math.round(seconds / 3_600)} h`
    : `${Math.round(seconds / 86_400)} d`
}

async function show(args: string[], terminal: Terminal): Promise<Outcome> {
  const { positionals } = parseArgs({ args, options: {}, allowPositionals: true })
  const ids = idsIn(positionals)
  const [id] = ids ?? []
  if (ids?.length !== 1 || id === undefined) return wrongUsage('Give the ID of one job.')
  return withJobs(terminal, async ({ db }) => {
    const job = await findJob(db, id)
    if (job === undefined) return unknownJob(id)
    const redact = redactor(secretsOf(terminal.env))
    for (const line of alignColumns([HEAD, cellsOf(job.job)])) terminal.write(line)
    terminal.write(`last error  ${redact(job.lastError ?? 'none')}`)
    const steps = job.steps.map(({ step, state, sends }) => [
      step,
      state,
      sends > 1 ? `sent ${sends} times` : '',
    ])
    for (const line of alignColumns([['step', 'state'], ...steps])) terminal.write(line)
    return DONE
  })
}

/** A command that does one thing to each of the jobs named; what is done already is no failure. */
function changing(
  change: (db: Database['db'], id: number) => Promise<JobChange>,
  doneWords: string,
  nothingWords: string,
) {
  return async (args: string[], terminal: Terminal): Promise<Outcome> => {
    const { positionals } = parseArgs({ args, options: {}, allowPositionals: true })
    const ids = idsIn(positionals)
    if (ids === undefined || ids.length === 0) return wrongUsage('Give the IDs of jobs: see list.')
    return withJobs(terminal, async ({ db }) => {
      const problems: string[] = []
      for (const id of ids) {
        const outcome = await change(db, id)
        if (outcome.kind === 'changed') terminal.write(`Job ${id} ${doneWords}.`)
        else if (outcome.kind === 'unchanged')
          terminal.write(`Job ${id} is ${outcome.state}: ${nothingWords}.`)
        else if (outcome.kind === 'unknown') problems.push(`There is no job ${id}: see list.`)
        else
          problems.push(`Job ${id} has nothing left to run: its sender left, or it was discarded.`)
      }
      return problems.length === 0 ? DONE : failed(problems.join('\n'))
    })
  }
}

/** Undefined where one of them is no id. */
function idsIn(words: readonly string[]): number[] | undefined {
  const areIds = words.every((word) => /^[1-9]\d{0,14}$/.test(word))
  return areIds ? [...new Set(words.map(Number))] : undefined
}

function unknownJob(id: number): Outcome {
  return failed(`There is no job ${id}: see list.`)
}

function withJobs(terminal: Terminal, work: (database: Database) => Promise<Outcome>) {
  return withDatabase(terminal, 'as-the-server', work, (place) =>
    failed(`${place}: there is no database yet, and so no job.`),
  )
}

if (import.meta.main) await main(JOBS)
