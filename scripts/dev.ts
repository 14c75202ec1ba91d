import { withEnvFile } from './cli/env-file.ts'
import { castLines, vendorProblem } from './studio/cast.ts'
import { readyApiKey } from './studio/dev-key.ts'
import { DEV_DATABASE } from './studio/dev-product.ts'
import { portFrom } from './studio/port.ts'

/**
 * `npm run dev`: the functions, up until Ctrl-C and restarted when their sources change, with stand-ins
 * around them, and a page to talk to Honzík in a browser; with `--terminal` a typed line is what the
 * learner says. The database stays in .data/dev.
 *
 * With TELEGRAM_REAL=1 and WEBHOOK_URL set, Telegram and its token are the real ones, and there is no page; a
 * stage of a lesson is real where it has a key.
 */

const { env: outer, readLine } = withEnvFile(process.env)
if (readLine !== undefined) console.log(readLine)
const isTelegramReal = outer.TELEGRAM_REAL === '1' && Boolean(outer.WEBHOOK_URL)
for (const line of castLines(outer, { isTelegramReal })) console.log(line)
if (outer.TELEGRAM_REAL && !isTelegramReal) {
  console.log('TELEGRAM_REAL counts only as 1 and together with WEBHOOK_URL: Telegram is imitated.')
}

try {
  const port = await portFrom(outer.PORT)
  const apiKey = await readyApiKey(DEV_DATABASE)
  // Lessons go on without it: the developer may be at something else.
  const vendorTrouble = vendorProblem(outer)
  const options = { outer, port, isTelegramReal, apiKey, vendorTrouble }
  // Only what is used is loaded: Vite is large.
  if (isTelegramReal || process.argv.includes('--terminal')) {
    const { runTerminal } = await import('./studio/terminal.ts')
    await runTerminal(options)
  } else {
    const { runStudio } = await import('./studio/server/studio.ts')
    await runStudio(options)
  }
} catch (error) {
  // The command's edge; a message that ends with a database of one's own is none here.
  const message = error instanceof Error ? error.message : String(error)
  console.error(message.replace(/, or set DATABASE_URL\b[^.]*/, ''))
  process.exit(1)
}
