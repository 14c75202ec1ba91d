import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { PGlite } from '@electric-sql/pglite'
import { serve } from 'srvx'
import { createApiKey } from '../../../lib/adapters/postgres/api-keys.ts'
import { getDeps } from '../../../lib/deps.ts'
import { functionRoutes } from '../../../scripts/cli/routes.ts'
import { startOpenai } from '../../../scripts/studio/openai/stand-in.ts'
import { startTelegram } from '../../../scripts/studio/telegram/stand-in.ts'
import { linesOf, type RecordedStatement, recorded, versionIn } from './recorded-statements.ts'

/**
 * Writes down what a version asks its database while it gives lessons, for the test that plays it on newer tables. It
 * records the version in whose checkout it lies, at an hour when Prague has the same day as UTC:
 *
 *   git worktree add --detach ../before <commit>
 *   ln -s "$PWD/node_modules" ../before/ && cp -r tests/rigs/upgrade ../before/tests/rigs/
 *   node ../before/tests/rigs/upgrade/record.ts tests/rigs/upgrade/statements.jsonl
 */
const root = resolve(import.meta.dirname, '../../..')
const ANNA = { id: 501, first_name: 'Anna', language_code: 'en' }
const SECRET = 'the-secret-of-the-webhook'

const statements: RecordedStatement[] = []
let version: unknown
const { query, transaction } = PGlite.prototype
PGlite.prototype.query = function (sql, parameters, options) {
  return recordResult(sql, parameters, () => query.call(this, sql, parameters, options) as never)
}
PGlite.prototype.transaction = async function (work) {
  const note = (sql: string) => void statements.push({ sql, parameters: [], rows: null })
  note('begin')
  const result = await transaction.call(this, (inner) =>
    work({
      ...inner,
      // A copy of the object has lost what it reads of itself.
      closed: false,
      query: (sql, parameters, options) =>
        recordResult(sql, parameters, () => inner.query(sql, parameters, options) as never),
    }),
  )
  note('commit')
  return result as never
}

/** Notes a statement, and what comes back. */
async function recordResult<T extends { rows: unknown[] }>(
  sql: string,
  parameters: readonly unknown[] = [],
  run: () => Promise<T>,
): Promise<T> {
  const values = parameters.map((value) => recorded(value, version))
  const statement: RecordedStatement = { sql, parameters: values, rows: null }
  statements.push(statement)
  const result = await run()
  statement.rows = result.rows.length
  version = versionIn(result.rows, version)
  return result
}

const [telegram, openai] = await Promise.all([startTelegram(), startOpenai()])
process.env = {
  PATH: process.env.PATH,
  LOG_LEVEL: 'silent',
  PGLITE_DIR: 'memory://',
  TELEGRAM_API_ROOT: telegram.url,
  TELEGRAM_BOT_TOKEN: telegram.token,
  TELEGRAM_WEBHOOK_SECRET: SECRET,
  OPENAI_BASE_URL: openai.url,
  OPENAI_API_KEY: 'no-key-is-needed',
}
const deps = await getDeps()
const ask = await functionRoutes()
const server = serve({ port: 0, hostname: '127.0.0.1', silent: true, fetch: ask })
await server.ready()
telegram.setWebhook(`${new URL(server.url ?? '').origin}/webhook`, SECRET)

statements.length = 0
await giveLessons()
const lessonStatements = [...statements]
const counts = await rowCounts()
const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()
const lines = linesOf({ commit, counts, statements: lessonStatements })
writeFileSync(process.argv[2] ?? 'statements.jsonl', `${lines.join('\n')}\n`)
console.log(`${lessonStatements.length} statements of ${commit.slice(0, 7)} are recorded.`)
await server.close(true)
await deps.close()
await Promise.all([telegram.stop(), openai.stop()])

/** A learner begins, speaks, writes and looks at everything; a program has lessons, too; the server looks after itself. */
async function giveLessons(): Promise<void> {
  const anna = telegram.learner(ANNA)
  const shop = new Uint8Array(readFileSync(resolve(root, 'scripts/studio/recordings/1-shop.ogg')))
  await until(() => anna.says('/start'))
  for (const data of ['native:en', 'level:beginner']) await until(() => press(data))
  await until(() => anna.sendsVoice(shop, { duration: 4 }))
  await until(() => anna.says('Já mám rád kniha.'))
  for (const name of ['aside-translate', 'lesson-retake', 'lesson-withdraw']) {
    await until(() => press(name))
  }
  for (const command of ['/settings', '/privacy', '/export_me']) {
    await until(() => anna.says(command))
  }
  const apiKey = await createApiKey(deps.database.db, {
    name: 'a program',
    telegramLearners: false,
  })
  for (const key of ['a-lesson', 'a-lesson', 'another-lesson']) await askForLesson(apiKey, key)
  await ask(new Request('https://bot.example/health'))
  await deps.sweep()
  await deps.prune()

  function press(name: string): void {
    const { messages } = telegram.chat(ANNA.id)
    const buttons = messages.flatMap(({ id, buttons }) => buttons.map((button) => ({ id, button })))
    const match = buttons.findLast(({ button }) => button.callback_data?.startsWith(name))
    if (match?.button.callback_data === undefined) throw new Error(`There is no button ${name}.`)
    anna.taps(match.id, match.button.callback_data)
  }
}

async function askForLesson(apiKey: string, key: string): Promise<void> {
  const response = await ask(
    new Request('https://bot.example/api/v1/lessons/process', {
      method: 'POST',
      headers: {
        authorization: `Bearer ${apiKey}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      },
      body: JSON.stringify({ user_id: 'anna', text: 'Jdu do škola.', include_audio: false }),
    }),
  )
  if (response.status !== 200) throw new Error(`A lesson was answered: ${await response.text()}`)
  await deps.idle()
}

/** Does something in the chat, and resolves when all of it has been delivered and worked on. */
async function until(act: () => unknown): Promise<void> {
  act()
  while (telegram.pendingCount() > 0) await delay(5)
  await deps.idle()
}

async function rowCounts(): Promise<Record<string, number>> {
  const tables = await deps.database.db.introspection.getTables()
  const names = tables.map(({ name }) => name).filter((name) => !name.startsWith('kysely_'))
  const counts: Record<string, number> = {}
  for (const name of names.sort()) {
    const rows = await deps.database.db
      .selectFrom(name as 'inbox')
      .selectAll()
      .execute()
    counts[name] = rows.length
  }
  return counts
}
