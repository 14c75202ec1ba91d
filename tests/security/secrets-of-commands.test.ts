import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { API_KEY } from '../../scripts/api-key.ts'
import type { Script } from '../../scripts/cli/command-line.ts'
import { DOCTOR } from '../../scripts/doctor.ts'
import { JOBS } from '../../scripts/jobs.ts'
import { MIGRATE } from '../../scripts/migrate.ts'
import { startTelegram, type TelegramStandIn } from '../../scripts/studio/telegram/stand-in.ts'
import { USAGE } from '../../scripts/usage.ts'
import { WEBHOOK } from '../../scripts/webhook.ts'
import { secretsIn } from '../rigs/invariants.ts'
import { describePostgres } from '../support/databases.ts'
import { typeCommand } from '../support/terminal.ts'

const secret = () => randomBytes(24).toString('base64url')
const SECRETS = {
  TELEGRAM_BOT_TOKEN: `12345:${secret()}`,
  WRONG_TOKEN: `99999:${secret()}`,
  TELEGRAM_WEBHOOK_SECRET: secret(),
  OPENAI_API_KEY: secret(),
  DATABASE_PASSWORD: secret(),
}

type Environment = Readonly<Record<string, string>>

const asItIs = (env: Environment) => env
const unreachable = (env: Environment) => ({ ...env, TELEGRAM_API_ROOT: 'http://127.0.0.1:1' })
const wrongToken = (env: Environment) => ({ ...env, TELEGRAM_BOT_TOKEN: SECRETS.WRONG_TOKEN })
const noToken = (env: Environment) => ({ ...env, TELEGRAM_BOT_TOKEN: `bot${SECRETS.WRONG_TOKEN}` })
const databaseWith =
  (part: 'port' | 'pathname' | 'search', value: string) => (env: Environment) => {
    const url = new URL(env.DATABASE_URL ?? '')
    url[part] = value
    return { ...env, DATABASE_URL: url.href }
  }
const outOfReach = databaseWith('port', '1')
const noDatabase = databaseWith('pathname', '/no_such_database')
const overTls = databaseWith('search', '?sslmode=verify-full')
const noPostgres = (env: Environment) => ({
  ...env,
  DATABASE_URL: `mysql://root:${SECRETS.DATABASE_PASSWORD}@localhost/test`,
})

/** What an operator types, and what is wrong then; another command is another row. */
const TYPED: readonly [Script, string, string, (env: Environment) => Environment][] = [
  [WEBHOOK, 'info', 'nothing is wrong', asItIs],
  [WEBHOOK, 'info', 'the token is wrong', wrongToken],
  [WEBHOOK, 'info', 'the token is no token', noToken],
  [WEBHOOK, 'info', 'Telegram is out of reach', unreachable],
  [WEBHOOK, 'set', 'nothing is wrong', asItIs],
  [WEBHOOK, 'set', 'the token is wrong', wrongToken],
  [WEBHOOK, 'set', 'Telegram is out of reach', unreachable],
  [WEBHOOK, 'set --url https://bot.example/botTOKEN', 'the token is in the URL', asItIs],
  [WEBHOOK, 'set --url https://TOKEN@bot.example', 'the token is in the URL', asItIs],
  [WEBHOOK, 'set TOKEN', 'the token is an argument', asItIs],
  [WEBHOOK, 'TOKEN', 'the token is a command', asItIs],
  [WEBHOOK, 'delete', 'nothing is wrong', asItIs],
  [WEBHOOK, 'delete', 'Telegram is out of reach', unreachable],
  [MIGRATE, 'up', 'nothing is wrong', asItIs],
  [MIGRATE, 'status', 'nothing is wrong', asItIs],
  [MIGRATE, 'up', 'the database is out of reach', outOfReach],
  [MIGRATE, 'status', 'the database is out of reach', outOfReach],
  [MIGRATE, 'up', 'there is no such database', noDatabase],
  [MIGRATE, 'up', 'the server has no TLS', overTls],
  [MIGRATE, 'up', 'it is no PostgreSQL', noPostgres],
  [API_KEY, 'create --name client', 'nothing is wrong', asItIs],
  [API_KEY, 'create --name client', 'the name is given already', asItIs],
  [API_KEY, 'create --name other', 'the database is out of reach', outOfReach],
  [API_KEY, 'list', 'nothing is wrong', asItIs],
  [API_KEY, 'list', 'it is no PostgreSQL', noPostgres],
  [API_KEY, 'list', 'the server has no TLS', overTls],
  [API_KEY, 'revoke client', 'nothing is wrong', asItIs],
  [JOBS, 'list', 'nothing is wrong', asItIs],
  [JOBS, 'show 1', 'the database is out of reach', outOfReach],
  [JOBS, 'retry TOKEN', 'the token is an argument', asItIs],
  [USAGE, '', 'nothing is wrong', asItIs],
  [USAGE, '', 'it is no PostgreSQL', noPostgres],
  [DOCTOR, '', 'nothing is wrong', asItIs],
  [DOCTOR, '--json', 'the token is wrong', wrongToken],
  [DOCTOR, '', 'the token is no token', noToken],
  [DOCTOR, '', 'Telegram is out of reach', unreachable],
  [DOCTOR, '', 'the database is out of reach', outOfReach],
  [DOCTOR, '', 'there is no such database', noDatabase],
  [DOCTOR, '', 'it is no PostgreSQL', noPostgres],
  [DOCTOR, '--only TOKEN', 'the token is an argument', asItIs],
]

describePostgres('A command tells no secret:', (database) => {
  let telegram: TelegramStandIn
  let env: Environment
  beforeAll(async () => {
    telegram = await startTelegram({ token: SECRETS.TELEGRAM_BOT_TOKEN })
    const url = new URL(database().url ?? '')
    url.password = SECRETS.DATABASE_PASSWORD
    env = {
      TELEGRAM_BOT_TOKEN: SECRETS.TELEGRAM_BOT_TOKEN,
      TELEGRAM_WEBHOOK_SECRET: SECRETS.TELEGRAM_WEBHOOK_SECRET,
      OPENAI_API_KEY: SECRETS.OPENAI_API_KEY,
      TELEGRAM_API_ROOT: telegram.url,
      WEBHOOK_URL: 'https://bot.example',
      DATABASE_URL: url.href,
    }
  })
  afterAll(() => telegram.stop())

  const commands = TYPED.map(([script, ...row]) => [script.name, ...row, script] as const)
  test.each(commands)(
    '%s %s shows no secret, where %s',
    async (_name, args, _what, change, script) => {
      const typedLine = args.replace('TOKEN', SECRETS.TELEGRAM_BOT_TOKEN)
      const { stdout, stderr } = await typeCommand(script, typedLine, change(env))
      const output = [...stdout, ...stderr].join('\n')
      expect(output).not.toBe('')
      expect(secretsIn(output, SECRETS)).toEqual([])
      // A new key is shown once, alone, on the last line.
      expect(stdout.slice(0, -1).join('\n')).not.toMatch(/mluv_[0-9a-f]{8}_/)
      expect(stderr.join('\n')).not.toMatch(/mluv_[0-9a-f]{8}_/)
    },
  )
})
