import { parseArgs } from 'node:util'
import { migrateUp } from '../db/migrate.ts'
import type { Database } from '../db/open.ts'
import {
  createApiKey,
  type ListedApiKey,
  listApiKeys,
  revokeApiKey,
  rotateApiKey,
} from '../lib/adapters/postgres/api-keys.ts'
import { LESSON_ESTIMATE_MICRO_USD } from '../lib/domain/lesson/prices.ts'
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

/** `npm run api-key`: makes, lists and revokes the keys of POST /api/v1/lessons/process. */
export const API_KEY: Script = {
  name: 'npm run api-key --',
  help: `Keys of the lesson API.

  npm run api-key -- create --name NAME [--telegram-learners] [--lessons-per-day N] [--learners N]
                              [--daily-budget USD]
      makes a key and shows its secret, this once, alone on the last line;
      with --telegram-learners its user_id is the Telegram id of a learner who exists;
      its limits, where given, stay as they are: so many lessons a day (UTC), so many learners in all,
      so many US dollars a day by the providers' list prices
  npm run api-key -- list
      shows each key with its limits, what it has used of them, and when it was used last (UTC)
  npm run api-key -- rotate NAME
      gives a key a new secret, shown as by create; its learners, limits and name stay, and for a day
      its old secret is taken, too
  npm run api-key -- revoke NAME

The database: DATABASE_URL, else POSTGRES_URL, else PGlite in PGLITE_DIR: before npm start, which
holds that folder.

Exit code: 0 done, 1 failed, 2 wrong usage.`,
  commands: { create, list, rotate, revoke },
}

/** A name is shown in tables and typed again to revoke: no controls, no spaces at its ends. */
const NAME = /^(?=\S)[^\p{C}\p{Zl}\p{Zp}]{1,100}(?<=\S)$/u

async function create(args: string[], terminal: Terminal): Promise<Outcome> {
  const { values } = parseArgs({
    args,
    options: {
      name: { type: 'string' },
      'telegram-learners': { type: 'boolean', default: false },
      'lessons-per-day': { type: 'string' },
      learners: { type: 'string' },
      'daily-budget': { type: 'string' },
    },
  })
  const { name, 'telegram-learners': telegramLearners } = values
  if (name === undefined) return wrongUsage('--name NAME is missing.')
  if (!NAME.test(name)) return wrongUsage('A name has 1 to 100 characters, on one line.')
  const lessonsPerDay = countIn(values['lessons-per-day'])
  const learners = countIn(values.learners)
  if (lessonsPerDay === 'wrong') return wrongUsage(`--lessons-per-day ${NO_COUNT}`)
  if (learners === 'wrong') return wrongUsage(`--learners ${NO_COUNT}`)
  const dailyBudgetMicroUsd = microUsdIn(values['daily-budget'])
  if (dailyBudgetMicroUsd === 'wrong') return wrongUsage(`--daily-budget ${NO_BUDGET}`)
  if (telegramLearners && learners !== null) {
    return wrongUsage(
      '--learners bounds those whom a key adds: with --telegram-learners it adds none.',
    )
  }
  return withKeys(terminal, async ({ db }) => {
    const keys = await listApiKeys(db)
    if (keys.some((key) => key.name === name && key.revokedAt === null)) {
      return failed(`There is a key named "${name}" already: choose another name, or revoke it.`)
    }
    const secret = await createApiKey(db, {
      name,
      telegramLearners,
      limits: { lessonsPerDay, learners, dailyBudgetMicroUsd },
    })
    showSecret(terminal, name, secret)
    return DONE
  })
}

function showSecret(terminal: Terminal, name: string, secret: string): void {
  terminal.write(`Key "${name}". Its secret is stored nowhere: keep this last line.`)
  terminal.write(secret)
}

async function list(args: string[], terminal: Terminal): Promise<Outcome> {
  parseArgs({ args, options: {} })
  const show = (keys: readonly ListedApiKey[]) => {
    for (const line of alignColumns([HEAD, ...keys.map(cellsOf)])) terminal.write(line)
    return DONE
  }
  return withKeys(
    terminal,
    async ({ db }) => show(await listApiKeys(db)),
    () => show([]),
  )
}

const HEAD = [
  'name',
  'prefix',
  'created',
  'Telegram learners',
  'lessons today',
  'spent today',
  'learners',
  'last used',
  'old secret until',
  'revoked',
]

function cellsOf(key: ListedApiKey): string[] {
  return [
    key.name,
    `mluv_${key.prefix}`,
    dayOf(key.createdAt),
    key.telegramLearners ? 'yes' : 'no',
    useOf(key.lessonsToday, key.lessonsPerDay),
    useOf(key.spentTodayMicroUsd, key.dailyBudgetMicroUsd, dollars),
    // Those that it reaches on Telegram are not its own.
    key.telegramLearners ? '-' : useOf(key.learners, key.maxLearners),
    key.lastUsedAt === null ? 'never' : minuteOf(key.lastUsedAt),
    key.oldSecretUntil === null ? '-' : minuteOf(key.oldSecretUntil),
    key.revokedAt === null ? 'no' : dayOf(key.revokedAt),
  ]
}

function useOf(
  use: number,
  limit: number | null,
  write: (amount: number) => string = String,
): string {
  return limit === null ? write(use) : `${write(use)} of ${write(limit)}`
}

/** Rounded up: what was paid is not shown as nothing. */
function dollars(microUsd: number): string {
  return `$${(Math.ceil(microUsd / 1_000) / 1_000).toFixed(3)}`
}

async function rotate(args: string[], terminal: Terminal): Promise<Outcome> {
  const name = nameIn(args)
  if (name === undefined) return wrongUsage(NO_NAME)
  const sayUnknown = () => failed(`There is no key named "${name}" that is in use: see list.`)
  return withKeys(
    terminal,
    async ({ db }) => {
      const secret = await rotateApiKey(db, name)
      if (secret === undefined) return sayUnknown()
      terminal.write('The old secret is taken for another day.')
      showSecret(terminal, name, secret)
      return DONE
    },
    sayUnknown,
  )
}

const NO_NAME = 'Give one NAME; quote its spaces.'

/** The one name that a command is given; undefined for none or several. */
function nameIn(args: string[]): string | undefined {
  const { positionals } = parseArgs({ args, options: {}, allowPositionals: true })
  return positionals.length === 1 ? positionals[0] : undefined
}

async function revoke(args: string[], terminal: Terminal): Promise<Outcome> {
  const name = nameIn(args)
  if (name === undefined) return wrongUsage(NO_NAME)
  const sayUnknown = () => failed(`There is no key named "${name}": see list.`)
  return withKeys(
    terminal,
    async ({ db }) => {
      const outcome = await revokeApiKey(db, name)
      if (outcome === 'unknown') return sayUnknown()
      terminal.write(`Key "${name}" ${outcome === 'revoked' ? 'is' : 'was already'} revoked.`)
      return DONE
    },
    sayUnknown,
  )
}

/**
 * Opens the database of the keys. PGlite is migrated first, as at the start of the server; where there is
 * none yet, `ifNone` answers, if given.
 */
function withKeys(
  terminal: Terminal,
  work: (database: Database) => Promise<Outcome>,
  ifNone?: () => Outcome,
) {
  return withDatabase(
    terminal,
    'as-the-server',
    async (database) => {
      if (database.driver === 'pglite') await migrateUp(database.db)
      return work(database)
    },
    ifNone,
  )
}

const NO_COUNT = 'takes a whole number from 1 to 1000000.'

/** A count as it is typed; null where none is. */
function countIn(input: string | undefined): number | null | 'wrong' {
  if (input === undefined) return null
  return /^[1-9]\d{0,6}$/.test(input) && Number(input) <= 1_000_000 ? Number(input) : 'wrong'
}

const NO_BUDGET = `takes dollars from ${LESSON_ESTIMATE_MICRO_USD / 1_000_000}, which one lesson may cost, to 100000.`

/** Dollars as they are typed, in millionths; null where none are. */
function microUsdIn(input: string | undefined): number | null | 'wrong' {
  if (input === undefined) return null
  const microUsd = /^\d{1,6}(\.\d{1,6})?$/.test(input) ? Math.round(Number(input) * 1_000_000) : 0
  return microUsd >= LESSON_ESTIMATE_MICRO_USD && microUsd <= 100_000_000_000 ? microUsd : 'wrong'
}

function minuteOf(date: Date): string {
  return date.toISOString().slice(0, 16).replace('T', ' ')
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10)
}

if (import.meta.main) await main(API_KEY)
