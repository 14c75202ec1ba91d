import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * What `vercel build` has made in a folder: the functions are there, bundled, and all of it loads, with nothing
 * in them but what they run, and nothing is served as a file but what public/ holds. Without that folder Vercel
 * would serve our sources.
 */
const FUNCTIONS = [
  'api/cron/sweep',
  'api/dashboard',
  'api/dashboard/session',
  'api/health',
  'api/metrics',
  'api/openapi',
  'api/telegram',
  'api/v1/learners',
  'api/v1/lessons/process',
]
const MAX_BUNDLED_FILES = 100

const [folder = ''] = process.argv.slice(2)
const output = join(folder, '.vercel', 'output')

const built = await paths('**/*.func', join(output, 'functions'))
assert.deepEqual(
  built,
  FUNCTIONS.map((name) => `${name}.func`),
)
const served = files(join(output, 'static'))
assert.deepEqual(served, files(join(folder, 'public')))
// The dashboard's page is made by the build.
for (const name of ['index.html', 'dashboard.js', 'dashboard.css', 'icon.svg'])
  assert(served.includes(join('dashboard', name)), name)
for (const path of served) assert.match(path, /^[\w/-]+\.(html|css|js|png|svg|ico|txt)$/)

// No test, no script, no .env, no lock file: of ours the bundle alone, and of packages what is no part of it.
for (const name of FUNCTIONS) {
  for (const path of files(join(output, 'functions', `${name}.func`))) {
    if (path.startsWith('node_modules/@electric-sql/pglite/')) continue
    assert.match(path, /^((api|lib)\/.*\.js(\.map)?|package\.json|\.vc-config\.json)$/, name)
  }
}

// Whatever is no function and no file of public/ is 404.
const { routes } = JSON.parse(readFileSync(join(output, 'config.json'), 'utf8'))
const { rewrites } = JSON.parse(readFileSync(join(folder, 'vercel.json'), 'utf8'))
const known = ['/404.html', '/api/$1', ...rewrites.map(({ destination }) => destination)]
for (const { dest } of routes) {
  // A rewrite's parameters follow the function's path.
  assert(dest === undefined || known.includes(dest) || known.includes(dest.split('?')[0]), dest)
}

// It would be in the log of every new instance.
process.on('warning', (warning) => assert.fail(warning))

// Nothing is configured here, and saying so takes a function that has loaded.
process.env = { PATH: process.env.PATH }
const health = await load('api/health')
const response = await health.fetch(new Request('http://localhost/health'))
assert.equal(response.status, 503)
assert.match((await response.json()).checks.config, /TELEGRAM_BOT_TOKEN is required/)
const openapi = await load('api/openapi')
const document = await openapi.fetch(new Request('http://localhost/api/openapi.json'))
assert.equal(document.status, 200)
for (const name of FUNCTIONS) {
  assert.equal(typeof (await load(name)).fetch, 'function')
  // What is loaded later, too.
  const unit = join(output, 'functions', `${name}.func`)
  const bundled = files(unit).filter((path) => /^lib\/.*\.js$/.test(path))
  assert(bundled.length < MAX_BUNDLED_FILES, `${name} is not bundled: ${bundled.length} files`)
  for (const path of bundled) await import(pathToFileURL(join(unit, path)).href)
}
process.stdout.write(`${FUNCTIONS.length} functions load; served as files: ${served.join(', ')}\n`)

/** Loads a function by the file that its configuration names. */
async function load(name) {
  const unit = join(output, 'functions', `${name}.func`)
  const { handler, runtime } = JSON.parse(readFileSync(join(unit, '.vc-config.json'), 'utf8'))
  assert.equal(runtime, 'nodejs24.x')
  return (await import(pathToFileURL(join(unit, handler)).href)).default
}

/** The files of a folder, hidden ones too. */
function files(cwd) {
  return readdirSync(cwd, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(cwd, join(entry.parentPath, entry.name)))
    .sort()
}

async function paths(pattern, cwd) {
  return (await Array.fromAsync(glob(pattern, { cwd }))).sort()
}
