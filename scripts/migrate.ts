import { parseArgs } from 'node:util'
import {
  compareMigrations,
  MIGRATION_NAMES,
  type MigrationState,
  migrateDown,
  migrateUp,
  migrationState,
} from '../db/migrate.ts'
import {
  DONE,
  main,
  type Outcome,
  type Script,
  type Terminal,
  wrongUsage,
} from './cli/command-line.ts'
import { withDatabase } from './cli/operator-database.ts'

/** `npm run migrate`: runs the migrations, takes the newest one back, lists them. */
export const MIGRATE: Script = {
  name: 'npm run migrate --',
  help: `Migrations of the database.

  npm run migrate -- up            runs all that have not run yet
  npm run migrate -- status        lists them
  npm run migrate -- down --yes    takes the newest one back; the data in its tables is lost

The database: DATABASE_URL_UNPOOLED, else DATABASE_URL, else POSTGRES_URL, else PGlite in PGLITE_DIR
(which npm start holds while it runs).

Exit code: 0 done, 1 failed, 2 wrong usage.`,
  commands: { up, down, status },
}

/** Runs every migration that has not run yet. */
export async function up(args: string[], terminal: Terminal): Promise<Outcome> {
  parseArgs({ args, options: {} })
  return withDatabase(terminal, 'for-migrations', async ({ db }, place) => {
    const names = await migrateUp(db)
    for (const name of names) terminal.write(`${name}  applied`)
    terminal.write(names.length === 0 ? `${place}: up to date.` : `${place}: now up to date.`)
    return DONE
  })
}

async function down(args: string[], terminal: Terminal): Promise<Outcome> {
  const { values } = parseArgs({ args, options: { yes: { type: 'boolean' } } })
  if (!values.yes) {
    return wrongUsage(
      'The data in the tables of the newest migration would be lost. If you mean it, add --yes.',
    )
  }
  const sayNone = (place: string) => {
    terminal.write(`${place}: no migration has run.`)
    return DONE
  }
  return withDatabase(
    terminal,
    'for-migrations',
    async ({ db }, place) => {
      const names = await migrateDown(db)
      for (const name of names) terminal.write(`${name}  taken back`)
      return names.length === 0 ? sayNone(place) : DONE
    },
    sayNone,
  )
}

async function status(args: string[], terminal: Terminal): Promise<Outcome> {
  parseArgs({ args, options: {} })
  const show = (place: string, { pending, later }: MigrationState) => {
    terminal.write(place)
    for (const name of MIGRATION_NAMES) {
      terminal.write(`${name}  ${pending.includes(name) ? 'pending' : 'applied'}`)
    }
    for (const name of later) terminal.write(`${name}  applied by a later version`)
    return DONE
  }
  return withDatabase(
    terminal,
    'for-migrations',
    async ({ db }, place) => show(place, await migrationState(db)),
    (place) => show(`${place}: no database yet`, compareMigrations([])),
  )
}

if (import.meta.main) await main(MIGRATE)
