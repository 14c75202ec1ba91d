import { parseArgs } from 'node:util'
import { USAGE_GROUPS, type UsageSum, usageReport } from '../lib/adapters/postgres/usage-report.ts'
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

/** `npm run usage`: what providers were asked for, and what it cost. */
export const USAGE: Script = {
  name: 'npm run usage --',
  help: `What the providers were asked for, and what it cost by their list prices, or by those of PRICES_FILE.

  npm run usage -- [--days N] [--by ${USAGE_GROUPS.join('|')}] [--json|--csv]
      of the last N days (UTC), today among them; default 7, by day

The database: DATABASE_URL, else POSTGRES_URL, else PGlite in PGLITE_DIR: before npm start, which holds that folder.

Exit code: 0 done, 1 failed, 2 wrong usage.`,
  run: usage,
}

const MAX_DAYS = 3_660

async function usage(args: string[], terminal: Terminal): Promise<Outcome> {
  const { values } = parseArgs({
    args,
    options: {
      days: { type: 'string', default: '7' },
      by: { type: 'string', default: 'day' },
      json: { type: 'boolean', default: false },
      csv: { type: 'boolean', default: false },
    },
  })
  const group = USAGE_GROUPS.find((name) => name === values.by)
  if (group === undefined) return wrongUsage(`--by takes one of ${USAGE_GROUPS.join(', ')}.`)
  const days = /^[1-9]\d{0,3}$/.test(values.days) ? Number(values.days) : Number.NaN
  if (!(days <= MAX_DAYS)) return wrongUsage(`--days takes a whole number from 1 to ${MAX_DAYS}.`)
  if (values.json && values.csv) return wrongUsage('Give one of --json and --csv.')
  return withDatabase(
    terminal,
    'as-the-server',
    async ({ db }) => {
      const sums = await usageReport(db, { days, by: group })
      const rows = sums.map((sum) => ({ [group]: sum.group, ...fieldsOf(sum) }))
      if (values.json) terminal.write(JSON.stringify(rows, null, 2))
      else if (values.csv) for (const line of csvOf(group, rows)) terminal.write(line)
      else for (const line of tableOf(group, sums)) terminal.write(line)
      return DONE
    },
    (place) => failed(`${place}: there is no database yet, and nothing was used.`),
  )
}

function fieldsOf(sum: UsageSum) {
  return {
    calls: sum.calls,
    input_tokens: sum.inputTokens,
    cached_tokens: sum.cachedTokens,
    output_tokens: sum.outputTokens,
    audio_in_seconds: Math.round(sum.audioInSeconds * 1_000) / 1_000,
    audio_out_seconds: Math.round(sum.audioOutSeconds * 1_000) / 1_000,
    characters: sum.characters,
    usd: sum.microUsd / 1_000_000,
    unpriced_calls: sum.unpricedCalls,
  }
}

type Fields = Record<string, string | number>

/** RFC 4180. A name that begins as a formula does is made a text: spreadsheets would reckon it. */
function csvOf(group: string, rows: readonly Fields[]): string[] {
  const head = [group, ...Object.keys(fieldsOf(NOTHING))]
  const lines = rows.map((row) => head.map((name) => csvCell(row[name] ?? '')).join(','))
  return [head.join(','), ...lines]
}

function csvCell(value: string | number): string {
  const text = typeof value === 'string' ? value.replace(/^[=+\-@\t]/, "'$&") : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function tableOf(group: string, sums: readonly UsageSum[]): string[] {
  const total = sums.reduce(added, NOTHING)
  const head = [
    group,
    'calls',
    'tokens in',
    'cached',
    'out',
    'heard',
    'spoken',
    'characters',
    'cost',
  ]
  const lines = alignColumns([head, ...sums.map(cellsOf), cellsOf({ ...total, group: 'all' })])
  if (total.unpricedCalls === 0) return lines
  return [
    ...lines,
    `${total.unpricedCalls} calls of models without a known price count nothing: see PRICES_FILE.`,
  ]
}

function cellsOf(sum: UsageSum): string[] {
  const { calls, inputTokens, cachedTokens, outputTokens, characters } = sum
  const counts = [calls, inputTokens, cachedTokens, outputTokens].map(String)
  const seconds = [sum.audioInSeconds, sum.audioOutSeconds].map((part) => `${part.toFixed(1)} s`)
  const cost = `$${(sum.microUsd / 1_000_000).toFixed(6)}`
  return [sum.group || '-', ...counts, ...seconds, String(characters), cost]
}

const NOTHING: UsageSum = {
  group: '',
  calls: 0,
  inputTokens: 0,
  cachedTokens: 0,
  outputTokens: 0,
  audioInSeconds: 0,
  audioOutSeconds: 0,
  characters: 0,
  microUsd: 0,
  unpricedCalls: 0,
}

function added(total: UsageSum, sum: UsageSum): UsageSum {
  return {
    group: '',
    calls: total.calls + sum.calls,
    inputTokens: total.inputTokens + sum.inputTokens,
    cachedTokens: total.cachedTokens + sum.cachedTokens,
    outputTokens: total.outputTokens + sum.outputTokens,
    audioInSeconds: total.audioInSeconds + sum.audioInSeconds,
    audioOutSeconds: total.audioOutSeconds + sum.audioOutSeconds,
    characters: total.characters + sum.characters,
    microUsd: total.microUsd + sum.microUsd,
    unpricedCalls: total.unpricedCalls + sum.unpricedCalls,
  }
}

if (import.meta.main) await main(USAGE)
