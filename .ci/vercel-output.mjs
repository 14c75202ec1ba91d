import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * What `vercel build` has made in a folder: the functions are there and load, and nothing is served as a
 * file but what public/ holds. Without that folder Vercel would serve our sources.
 */
const FUNCTIONS = [
  'api/cron/sweep',
  'api/health',
  'api/openapi',
  'api/telegram',
  'api/v1/lessons/process',
]

const [folder = ''] = process.argv.slice(2)
const output = join(folder, '.vercel', 'output')

const built = await paths('**/*.func', join(output, 'functions'))
assert.deepEqual(
  built,
  FUNCTIONS.map((name) => `${name}.func`),
)
const isFile = (path) => /\.[a-z]+$/.test(path)
const served = await paths('**/*', join(output, 'static'))
assert.deepEqual(
  served.filter(isFile),
  (await paths('**/*', join(folder, 'public'))).filter(isFile),
)

// Nothing is configured here, and saying so takes a function that has loaded.
process.env = { PATH: process.env.PATH }
const health = await load('api/health')
const response = await health.fetch(new Request('http://localhost/health'))
assert.equal(response.status, 503)
assert.match((await response.json()).checks.config, /TELEGRAM_BOT_TOKEN is required/)
const openapi = await load('api/openapi')
const document = await openapi.fetch(new Request('http://localhost/api/openapi.json'))
assert.equal(document.status, 200)
for (const name of FUNCTIONS) assert.equal(typeof (await load(name)).fetch, 'function')
process.stdout.write(`${FUNCTIONS.length} functions load; served as files: ${served.join(', ')}\n`)

/** Loads a function by the file that its configuration names. */
async function load(name) {
  const unit = join(output, 'functions', `${name}.func`)
  const { handler, runtime } = JSON.parse(readFileSync(join(unit, '.vc-config.json'), 'utf8'))
  assert.equal(runtime, 'nodejs24.x')
  return (await import(pathToFileURL(join(unit, handler)).href)).default
}

async function paths(pattern, cwd) {
  return (await Array.fromAsync(glob(pattern, { cwd }))).sort()
}
