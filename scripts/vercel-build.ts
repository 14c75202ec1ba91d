import { parseDatabaseConfig } from '../lib/config.ts'
import { DONE, failed, main, type Outcome, type Script, type Terminal } from './cli/command-line.ts'
import { up } from './migrate.ts'

/** `npm run vercel-build`, which Vercel runs: migrates for a production deployment, and only then. */
export const VERCEL_BUILD: Script = {
  name: 'npm run vercel-build --',
  help: `Runs the migrations where VERCEL_ENV is production, and nothing otherwise.

Exit code: 0 done, 1 failed: the deployment must not go out.`,
  run,
}

async function run(_args: string[], terminal: Terminal): Promise<Outcome> {
  const { env } = terminal
  if (env.VERCEL_ENV !== 'production') {
    terminal.write('No production deployment (VERCEL_ENV): no migrations to run.')
    return DONE
  }
  // The builder's disk does not outlive the build, and PGlite would write to it.
  if (parseDatabaseConfig(env).unpooledUrl === undefined) {
    return failed('DATABASE_URL is required in production: a PostgreSQL connection string.')
  }
  return up([], terminal)
}

if (import.meta.main) await main(VERCEL_BUILD)
