import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { cpuMsOf } from '../process-usage.ts'
import { runNode } from '../processes.ts'
import { median } from '../statistics.ts'
import type { World } from '../world.ts'
import { type BuiltFunctions, buildFunctions } from './built-functions.ts'
import { openLessonWorld, until } from './lesson-world.ts'
import type { Figure, Measured, Part, PartOptions } from './part.ts'
import { type ServerProcess, startServer } from './server-process.ts'
import { formatNumber } from './table.ts'
import { newTitleUpdate } from './webhook-load.ts'

/** How long the first one waits whom a new process serves. */
export const COLD: Part = {
  name: 'cold',
  about:
    'the functions as vercel build makes them: from a process’s start to its first answer, and why',
  run,
}

const RUNS = 9
const MAX_ACK_OVER_BARE_MS = 150
const IMPORT_RUNS = 3
const LISTED_FILES = 10
const RUNNER = resolve(import.meta.dirname, 'cold-runner.mjs')

type Question = { path: string; init: RequestInit; status: number }

/** What each function is asked first. */
const QUESTIONS: Readonly<Record<string, (world: World) => Question>> = {
  'api/telegram': delivery,
  'api/health': () => ({ path: '/health', init: {}, status: 200 }),
  'api/cron/sweep': ({ secrets }) => ({
    path: '/api/cron/sweep',
    init: { headers: { authorization: `Bearer ${secrets.CRON_SECRET}` } },
    status: 200,
  }),
  'api/v1/lessons/process': () => ({
    path: '/api/v1/lessons/process',
    init: { method: 'POST', body: '{}' },
    status: 401,
  }),
  'api/v1/learners': () => ({
    path: '/api/v1/learners/adam',
    init: { method: 'DELETE' },
    status: 401,
  }),
  'api/metrics': () => ({ path: '/metrics', init: {}, status: 401 }),
  'api/dashboard': () => ({ path: '/api/dashboard?period=24h', init: {}, status: 401 }),
  'api/dashboard/session': () => ({
    path: '/api/dashboard/session',
    init: { method: 'DELETE' },
    status: 200,
  }),
  'api/openapi': () => ({ path: '/api/openapi.json', init: {}, status: 200 }),
}
/** The one that a limit is set for. */
const LIMITED = 'api/telegram'
const BARE = 'bare node server'

async function run(options: PartOptions): Promise<Measured> {
  const functions = await buildFunctions(options.output)
  const world = await openLessonWorld(undefined, { VERCEL: '1' })
  try {
    const starts = await startsOf(world, functions, options.runs ?? RUNS)
    const loadedFiles = await loadedBy(world, functions, LIMITED)
    return {
      figures: [...startFigures(starts), ...loadFigures(loadedFiles)],
      notes: [
        'From the making of a process to its first answer over HTTP; the bare one serves a fixed answer. The',
        'lesson API is asked without a key (401), Telegram’s function for an update without work. Driver: pg.',
        'Sources without a compile cache, as they come to a new machine; the file system’s own cache is warm.',
        '',
        `What ${LIMITED} has loaded by its first answer; each file’s import alone, in a process of its own:`,
        ...(await importLines(loadedFiles.atAnswer)),
      ],
    }
  } finally {
    await world.close()
    functions.remove()
  }
}

type Starts = Map<string, { listening: number[]; answerMs: number[]; cpu: number[] }>

async function startsOf(world: World, functions: BuiltFunctions, runs: number): Promise<Starts> {
  const cache = mkdtempSync(join(tmpdir(), 'mluv-me-cache-'))
  const targets = [
    { name: BARE, asks: BARE, args: [RUNNER], env: world.env },
    ...[...functions.handlers].map(([name, handler]) => {
      return { name, asks: name, args: [RUNNER, handler], env: world.env }
    }),
    {
      name: `${LIMITED}, compile cache`,
      asks: LIMITED,
      args: [RUNNER, functions.handlers.get(LIMITED) ?? ''],
      env: { ...world.env, NODE_COMPILE_CACHE: cache },
    },
  ]
  const starts: Starts = new Map(
    targets.map(({ name }) => [name, { listening: [], answerMs: [], cpu: [] }] as const),
  )
  // In turn: what else the machine does then meets them all. The first round is not counted.
  for (let run = 0; run <= runs; run += 1) {
    for (const { name, asks, args, env } of targets) {
      const server = await startServer(args, env)
      const answeredAt = await ask(server, questionTo(asks, world))
      const cpu = cpuMsOf(server.pid)
      // A graceful end: the compile cache is written then.
      await server.end('SIGTERM')
      if (run === 0) continue
      starts.get(name)?.listening.push(server.listeningAt - server.spawnedAt)
      starts.get(name)?.answerMs.push(answeredAt - server.spawnedAt)
      starts.get(name)?.cpu.push(cpu)
    }
  }
  rmSync(cache, { recursive: true, force: true })
  return starts
}

function questionTo(name: string, world: World): Question {
  return QUESTIONS[name]?.(world) ?? { path: '/', init: {}, status: 200 }
}

async function ask({ url }: ServerProcess, { path, init, status }: Question): Promise<number> {
  const answer = await fetch(`${url}${path}`, init)
  const body = await answer.text()
  if (answer.status !== status) throw new Error(`${path} was answered ${answer.status}: ${body}`)
  return performance.now()
}

function delivery({ secrets }: World): Question {
  const headers = {
    'content-type': 'application/json',
    'x-telegram-bot-api-secret-token': secrets.TELEGRAM_WEBHOOK_SECRET ?? '',
  }
  const init = { method: 'POST', headers, body: JSON.stringify(newTitleUpdate()) }
  return { path: '/webhook', init, status: 200 }
}

function startFigures(starts: Starts): Figure[] {
  const bareMs = median(starts.get(BARE)?.answerMs ?? [])
  return [...starts].flatMap(([name, { listening, answerMs, cpu }]) => [
    { label: `${name}: listens`, unit: 'ms', values: listening },
    { label: `${name}: first answer`, unit: 'ms', values: answerMs },
    { label: `${name}: CPU by then`, unit: 'ms', values: cpu },
    ...(name === BARE
      ? []
      : [
          {
            label: `${name}: first answer, over bare node`,
            unit: 'ms',
            values: answerMs.map((ms) => ms - bareMs),
            ...(name === LIMITED && { limit: MAX_ACK_OVER_BARE_MS }),
          },
        ]),
  ])
}

type LoadedFile = { path: string; bytes: number }
type Loaded = { atStart: LoadedFile[]; atAnswer: LoadedFile[]; afterwards: LoadedFile[] }

/** What a function loads: before it listens, by its first answer, and for the job that this sets off. */
async function loadedBy(world: World, functions: BuiltFunctions, name: string): Promise<Loaded> {
  const handler = functions.handlers.get(name) ?? ''
  const server = await startServer([RUNNER, '--count', handler], world.env)
  await ask(server, questionTo(name, world))
  await until(world, () => server.lines.some((line) => line.startsWith('{"atStart"')))
  await server.end()
  return JSON.parse(server.lines.find((line) => line.startsWith('{"atStart"')) ?? '{}')
}

function loadFigures(loadedFiles: Loaded): Figure[] {
  const moments = [
    ['before it listens', loadedFiles.atStart],
    ['by its first answer', loadedFiles.atAnswer],
    ['once its worker is there', loadedFiles.afterwards],
  ] as const
  return moments.flatMap(([moment, files]) => {
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
    return [
      { label: `${LIMITED}: loaded ${moment}`, unit: 'kB', values: [bytes / 1024] },
      { label: `${LIMITED}: files ${moment}`, unit: '', values: [files.length] },
    ]
  })
}

/** The largest files, and how long the import of each takes with all that it imports itself. */
async function importLines(files: readonly LoadedFile[]): Promise<string[]> {
  const largest = files.toSorted((a, b) => b.bytes - a.bytes).slice(0, LISTED_FILES)
  const rows: { name: string; size: string; ms: number }[] = []
  for (const { path, bytes } of largest) {
    const name = path.replace(/^.*\.func\//, '')
    rows.push({ name, size: `${(bytes / 1024).toFixed(0)} kB`, ms: await importMs(path) })
  }
  return rows
    .toSorted((a, b) => b.ms - a.ms)
    .map(({ name, size, ms }) => `  ${formatNumber(ms).padStart(6)} ms  ${name.padEnd(44)} ${size}`)
}

/** The median time of an import, each in a new process. */
async function importMs(path: string): Promise<number> {
  const times: number[] = []
  for (let at = 0; at < IMPORT_RUNS; at += 1) times.push(await timeOfImport(path))
  return median(times)
}

async function timeOfImport(path: string): Promise<number> {
  const { stdout } = await runNode(RUNNER, ['--time', path], { NODE_DISABLE_COMPILE_CACHE: '1' })
  const { ms } = JSON.parse(stdout) as { ms: number }
  return ms
}
