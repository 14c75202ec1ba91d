import { once } from 'node:events'
import { globSync, readFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDeps } from '../../../lib/deps.ts'
import { answering } from '../../../lib/http/answering.ts'
import { takeDelivery } from '../../../lib/http/webhook/delivery.ts'
import { SECRET_HEADER } from '../doors.ts'
import { SECRETS, type Served, serveFunctions } from '../served.ts'

const SECRET = SECRETS.TELEGRAM_WEBHOOK_SECRET

let server: Served
beforeAll(async () => {
  server = await serveFunctions()
})
afterAll(() => server.close())

function delivery(headers: Record<string, string>): Request {
  return new Request('https://bot.example/webhook', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ update_id: 1 }),
  })
}

/** Refused before anything was read, stored or begun. */
async function expectRefused(headers: Record<string, string>): Promise<void> {
  const request = delivery(headers)
  const response = await server.ask(request)
  expect([headers, response.status]).toEqual([headers, 401])
  expect(await response.json()).toMatchObject({ code: 'unauthorized' })
  expect(request.bodyUsed).toBe(false)
}

/** Sends header lines as they are, a name as often as it is given; the status of the answer. */
async function statusOnTheWire(lines: readonly [string, string][]): Promise<number | undefined> {
  const { hostname, port } = new URL(server.url)
  const body = JSON.stringify({ update_id: 2 })
  const length = ['content-length', String(Buffer.byteLength(body))]
  const headers = ['host', hostname, 'connection', 'close', ...length, ...lines.flat()]
  const request = httpRequest({ hostname, port, path: '/webhook', method: 'POST', headers })
  request.end(body)
  const [response] = await once(request, 'response')
  response.resume()
  return response.statusCode
}

describe('a forged update', () => {
  test.each<[string, Record<string, string>]>([
    ['without a secret', {}],
    ['with an empty one', { [SECRET_HEADER]: '' }],
    ['with another one', { [SECRET_HEADER]: SECRETS.CRON_SECRET }],
    ['with the secret in another case', { [SECRET_HEADER]: SECRET.toUpperCase() }],
    ['with the secret twice', { [SECRET_HEADER]: `${SECRET}, ${SECRET}` }],
    ['with letters that look like it', { [SECRET_HEADER]: SECRET.replaceAll('e', '\u00e9') }],
    ['with a space that is none behind it', { [SECRET_HEADER]: `${SECRET}\u00a0` }],
    ['with the secret as a bearer token', { authorization: `Bearer ${SECRET}` }],
    ['with the secret in a cookie', { cookie: `${SECRET_HEADER}=${SECRET}` }],
    ['with what a missing value is written as', { [SECRET_HEADER]: 'undefined' }],
  ])('an update %s is refused unread, and nothing is stored', async (_, headers) => {
    await expectRefused(headers)
    expect(await server.storedJobs()).toBe(0)
  })

  test('an update with a secret of any other length is refused, however much of it is right', async () => {
    const longSecret = SECRET.repeat(3)
    for (let length = 0; length <= longSecret.length; length += 1) {
      const part = longSecret.slice(0, length)
      if (part !== SECRET) await expectRefused({ [SECRET_HEADER]: part })
    }
    expect(await server.storedJobs()).toBe(0)
  })

  test('an update with a secret that is wrong in any one place is refused', async () => {
    for (let at = 0; at < SECRET.length; at += 1) {
      const wrongSecret = `${SECRET.slice(0, at)}${SECRET[at] === 'x' ? 'y' : 'x'}${SECRET.slice(at + 1)}`
      await expectRefused({ [SECRET_HEADER]: wrongSecret })
    }
    expect(await server.storedJobs()).toBe(0)
  })

  test('an update with the secret in one of two headers, or in both, is refused', async () => {
    const rightLine: [string, string] = [SECRET_HEADER, SECRET]
    const wrongLine: [string, string] = [SECRET_HEADER.toUpperCase(), 'wrong']
    for (const lines of [
      [rightLine, wrongLine],
      [wrongLine, rightLine],
      [rightLine, rightLine],
      [wrongLine],
    ]) {
      expect(await statusOnTheWire(lines)).toBe(401)
    }
    expect(await server.storedJobs()).toBe(0)
  })

  test('an update with the secret in its address is refused', async () => {
    const address = `https://bot.example/webhook?secret_token=${SECRET}&${SECRET_HEADER}=${SECRET}`
    const { status } = await server.ask(new Request(address, { method: 'POST', body: '{}' }))
    expect(status).toBe(401)
    expect(await server.storedJobs()).toBe(0)
  })
})

test('the right secret opens with its header in any case, so that the tests above would see it', async () => {
  expect(await statusOnTheWire([[SECRET_HEADER.toUpperCase(), SECRET]])).toBe(200)
  expect(await server.storedJobs()).toBe(1)
})

test('while a secret is changed, the one before opens, too, and an empty one never does', async () => {
  const env = {
    ...process.env,
    PGLITE_DIR: 'memory://',
    TELEGRAM_WEBHOOK_SECRET: 'the-new-one',
    TELEGRAM_WEBHOOK_SECRET_PREVIOUS: SECRET,
  }
  const deps = await createDeps(env)
  const fetch = answering(async () => deps, { POST: takeDelivery })
  const statusWith = async (secret: string) =>
    (await fetch(delivery({ [SECRET_HEADER]: secret }))).status
  expect(await statusWith('the-new-one')).toBe(200)
  expect(await statusWith(SECRET)).toBe(200)
  expect(await statusWith('')).toBe(401)
  expect(await statusWith('the-old-one')).toBe(401)
  await deps.idle()
  await deps.close()
})

test('without a secret of its own the product takes no update, and names the missing variable', async () => {
  for (const variables of [{}, { TELEGRAM_WEBHOOK_SECRET: ' ' }]) {
    const env = { ...process.env, TELEGRAM_WEBHOOK_SECRET: '', ...variables }
    const fetch = answering(() => createDeps(env), { POST: takeDelivery })
    for (const secret of ['', 'undefined', SECRET]) {
      const response = await fetch(delivery({ [SECRET_HEADER]: secret }))
      const { code, detail } = (await response.json()) as { code: string; detail: string }
      expect([response.status, code]).toEqual([503, 'misconfigured'])
      expect(detail).toContain('TELEGRAM_WEBHOOK_SECRET')
    }
  }
})

test('secrets are compared in one place and in constant time, by hashes of equal length', () => {
  const root = resolve(import.meta.dirname, '../../..')
  const read = (path: string) => readFileSync(resolve(root, path), 'utf8')
  expect(read('lib/http/secret.ts')).toContain('timingSafeEqual(sha256(candidate), sha256(secret))')

  const uses = globSync('{api,lib/{app,bot,http}}/**/*.ts', { cwd: root })
    .flatMap((path) => read(path).split('\n'))
    // Declarations of types name the secrets, too, and are left out.
    .filter((line) => /\.(webhookSecret|previousWebhookSecret|cronSecret|adminToken)\b/.test(line))
  expect(uses.length).toBeGreaterThanOrEqual(3)
  // A session is compared by the same function: its signature, made of the token.
  expect(read('lib/http/dashboard/session.ts')).toContain('isSecret(signature, signatureOf(')
  expect(uses.filter((line) => !/\b(isSecret|hasSession)\(/.test(line))).toEqual([])
})
