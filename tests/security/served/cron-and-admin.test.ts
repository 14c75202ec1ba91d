import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answering } from '../../../lib/http/answering.ts'
import { healthOf } from '../../../lib/http/health.ts'
import { sweepNow } from '../../../lib/http/sweep.ts'
import { DOORS, type Door, knock } from '../doors.ts'
import { SECRETS, type Served, serveFunctions } from '../served.ts'

let server: Served
let keys: Record<Door['opensTo'], string>
beforeAll(async () => {
  server = await serveFunctions()
  keys = {
    'the webhook secret': SECRETS.TELEGRAM_WEBHOOK_SECRET,
    'an API key': await server.newApiKey(),
    'the cron secret': SECRETS.CRON_SECRET,
    'the admin token': SECRETS.ADMIN_TOKEN,
    'a session': await server.newSession(),
    everybody: '',
  }
})
afterAll(() => server.close())

const guardedDoors = DOORS.filter(({ opensTo }) => opensTo !== 'everybody')

/** Credentials of a caller without the door's key. */
function wrongHeaders({ opensTo, show }: Door): Record<string, string>[] {
  const key = keys[opensTo]
  const otherKeys = Object.values(keys).filter((otherKey) => otherKey !== key)
  const wrongKeys = [
    ...otherKeys,
    key.slice(0, -1),
    `${key}x`,
    `x${key.slice(1)}`,
    `${key.slice(0, -1)}\u00e9`,
    key.toUpperCase(),
    `${key} ${key}`,
    `${key},${key}`,
    'undefined',
    'null',
    '[object Object]',
    'x'.repeat(8_000),
  ]
  return [
    {},
    ...wrongKeys.map(show),
    { authorization: key },
    { authorization: `Basic ${Buffer.from(`admin:${key}`).toString('base64')}` },
    { 'x-api-key': key },
    { cookie: `token=${key}; authorization=Bearer ${key}` },
  ]
}

async function effectsSoFar() {
  const { openai, telegram } = server
  return {
    jobs: await server.storedJobs(),
    paidCalls: openai.requests.length,
    telegramCalls: telegram.calls.length,
  }
}

describe.each(guardedDoors)('$path, which opens to $opensTo alone,', (door) => {
  test('a guarded door is 401 for any other credentials, and reads and begins nothing', async () => {
    const effectsBefore = await effectsSoFar()
    for (const headers of wrongHeaders(door)) {
      const request = knock(door, headers)
      const response = await server.ask(request)
      expect([headers, response.status]).toEqual([headers, 401])
      expect(request.bodyUsed).toBe(false)
      const answer = await response.text()
      for (const key of Object.values(keys)) if (key !== '') expect(answer).not.toContain(key)
    }
    expect(await effectsSoFar()).toEqual(effectsBefore)
  })

  test('a guarded door is 401 with its key in the address or in the body', async () => {
    const key = keys[door.opensTo]
    const { pathname, search } = new URL(door.path, 'https://bot.example')
    const query = new URLSearchParams(search)
    for (const name of ['key', 'token', 'secret', 'api_key', 'access_token', 'authorization']) {
      query.set(name, name === 'authorization' ? `Bearer ${key}` : key)
    }
    const body = door.body && { ...door.body, api_key: key, authorization: `Bearer ${key}` }
    const path = `${pathname}?${query}`
    const response = await server.ask(knock({ ...door, path, ...(body && { body }) }, {}))
    expect(response.status).toBe(401)
  })

  test('a guarded door opens to its key, so that the tests above would see an open door', async () => {
    const headers = door.show(keys[door.opensTo])
    const response = await server.ask(knock(door, headers))
    expect(response.ok).toBe(true)
    await server.deps.idle()
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  })
})

test('a refusal is kept by no cache and taken for no other type, either', async () => {
  for (const door of guardedDoors) {
    for (const request of [
      knock(door, {}),
      new Request(knock(door, {}).url, { method: 'DELETE' }),
    ]) {
      const { headers } = await server.ask(request)
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('content-type')).toMatch(/^application\/(problem\+)?json/)
    }
  }
})

describe('where its secret is not set', () => {
  const config = { cronSecret: undefined, adminToken: undefined }
  const wrongHeaderValues = ['', 'Bearer', 'Bearer undefined', 'Bearer null', 'Bearer ""']

  test.each(wrongHeaderValues)(
    'without a cron secret the sweep is 401 for every caller: %j',
    async (authorization) => {
      const deps = { ...server.deps, config: { ...server.deps.config, ...config } }
      const fetch = answering(async () => deps, { GET: sweepNow })
      const headers = { authorization }
      const request = new Request('https://bot.example/api/cron/sweep', { headers })
      expect((await fetch(request)).status).toBe(401)
    },
  )

  test.each(wrongHeaderValues)(
    'without an admin token deep health is 401 for every caller: %j',
    async (authorization) => {
      const deps = { ...server.deps, config: { ...server.deps.config, ...config } }
      const headers = { authorization }
      const request = new Request('https://bot.example/health?deep=1', { headers })
      expect((await healthOf(async () => deps)(request)).status).toBe(401)
    },
  )
})
