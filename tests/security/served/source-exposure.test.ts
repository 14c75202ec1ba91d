import { once } from 'node:events'
import { globSync, readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serverRoutes } from '../../../scripts/cli/routes.ts'
import vercelJson from '../../../vercel.json' with { type: 'json' }
import { SECRETS, type Served, serveFunctions } from '../served.ts'

const root = resolve(import.meta.dirname, '../../..')

let server: Served
beforeAll(async () => {
  server = await serveFunctions()
})
afterAll(() => server.close())

/** Asks for a path as it stands: a client would tidy it up first. */
async function askedOnTheWire(path: string): Promise<string> {
  const { hostname, port } = new URL(server.url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${hostname}\r\nConnection: close\r\n\r\n`)
  return text(socket)
}

describe('npm start serves functions and nothing else:', () => {
  const ourFiles = globSync('{*,.*,{api,lib,db,scripts,public}/**/*.*}', { cwd: root }).filter(
    (path) => !/^(node_modules|\.git|\.data|coverage)\b/.test(path),
  )

  test('npm start serves none of our files, and none that may lie beside them', async () => {
    expect(ourFiles.length).toBeGreaterThan(100)
    const pathsBeside = [
      '.env',
      '.env.local',
      '.git/config',
      '.data/pg/PG_VERSION',
      'node_modules/pg/package.json',
    ]
    for (const path of [...ourFiles, ...pathsBeside]) {
      const response = await server.ask(new Request(`https://bot.example/${path}`))
      expect([path, response.status]).toEqual([path, 404])
      expect(await response.text()).toBe('Not found')
    }
  })

  test.each([
    '/',
    '/nothing',
    '//',
    '/index.html',
    '/../package.json',
    '/../../../../etc/passwd',
    '/api/../package.json',
    '/api/../lib/deps.ts',
    '/health/../.env',
    '/%2e%2e/package.json',
    '/%2e%2e%2fpackage.json',
    '/..%2fpackage.json',
    '/..%5cpackage.json',
    '/..\\package.json',
    '/lib%2fdeps.ts',
    '/lib/deps.ts%00',
    '/lib/deps.ts?raw',
    '/LIB/DEPS.TS',
    '/.%65nv',
    '//package.json',
    '/./package.json',
    '/;/package.json',
    '/public/index.html',
    '/static/index.html',
    '/api/health.ts',
    '/api/health.js',
    '/api/health.js.map',
    '/api/health/',
    '/api/constructor',
    '/__proto__',
    '/constructor',
    'http://bot.example/package.json',
    'file:///etc/passwd',
  ])('npm start serves no file at %s', async (path) => {
    const answer = await askedOnTheWire(path)
    expect(answer).toMatch(/^HTTP\/1\.1 (404|400) /)
    for (const part of ['mluv-me', 'import ', 'root:', 'TELEGRAM_']) {
      expect(answer).not.toContain(part)
    }
  })

  test('npm start serves a function, so that the tests above would see a served file', async () => {
    expect(await askedOnTheWire('/api/openapi.json')).toMatch(/^HTTP\/1\.1 200 /)
  })
})

describe('the dashboard’s page', () => {
  let routes: Awaited<ReturnType<typeof serverRoutes>>
  beforeAll(async () => {
    routes = await serverRoutes()
  })
  const ask = async (path: string) => routes(new Request(`https://bot.example${path}`))
  const FILES = ['/dashboard', '/dashboard/dashboard.css', '/dashboard/dashboard.js']

  test.each(FILES)('%s lets the browser load and send nothing but what is ours', async (path) => {
    const { status, headers } = await ask(path)
    expect(status).toBe(200)
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    )
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
  })

  test('the dashboard’s page has no script and no style in it, and its script has neither sources nor secrets', async () => {
    const page = await (await ask('/dashboard')).text()
    expect(page).not.toMatch(
      /<style|style=|\son\w+=|javascript:|<script(?![^>]* src="\/dashboard\/)/,
    )
    const script = await (await ask('/dashboard/dashboard.js')).text()
    expect(script).not.toMatch(/sourceMappingURL|process\.env|node_modules|\beval\(|new Function/)
    for (const secret of Object.values(SECRETS)) expect(script).not.toContain(secret)
  })

  test.each([
    '/dashboard/page.tsx',
    '/dashboard/main.tsx',
    '/dashboard/tsconfig.json',
    '/dashboard/dashboard.js.map',
    '/dashboard/..%2findex.html',
    '/dashboard/constructor',
    '/dashboardx',
    '/dashboard/dashboard/index.html',
  ])('npm start serves no file at %s', async (path) => {
    expect((await ask(path)).status).toBe(404)
  })
})

describe('on Vercel', () => {
  // What is then served and what is in the functions is looked at after a build: .ci/vercel-output.mjs.
  test('Vercel serves a folder of public files, without which it would serve the sources', () => {
    // vercel-build puts the dashboard's page beside it, which is looked at below.
    const names = readdirSync(resolve(root, 'public')).filter((name) => name !== 'dashboard')
    expect(names).toEqual(['index.html'])
  })

  test('no setting of Vercel’s serves another folder or leads a path to a file', () => {
    expect(Object.keys(vercelJson).sort()).toEqual([
      '$schema',
      'buildCommand',
      'crons',
      'framework',
      'functions',
      'headers',
      'outputDirectory',
      'regions',
      'rewrites',
    ])
    expect(vercelJson.outputDirectory).toBe('public')
    for (const { source, destination } of vercelJson.rewrites) {
      expect(source).toMatch(/^\/[\w/.:]+$/)
      expect(destination).toMatch(/^\/api\/[\w/]+$/)
    }
  })
})
