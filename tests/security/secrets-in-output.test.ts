import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createApiKey } from '../../lib/adapters/postgres/api-keys.ts'
import { pgLearners } from '../../lib/adapters/postgres/learners.ts'
import type { Stage } from '../../scripts/studio/openai/stand-in.ts'
import type { Fault } from '../../scripts/studio/telegram/faults.ts'
import { secretsIn } from '../rigs/invariants.ts'
import { type Instance, killChildren, runNode } from '../rigs/processes.ts'
import { openWorld, type World } from '../rigs/world.ts'
import { describePostgres } from '../support/databases.ts'
import { bearer, formRequest, textRequest } from '../support/lesson-requests.ts'
import { recording } from '../support/product.ts'
import { SECRET_HEADER } from './doors.ts'
import { dumpOf } from './dump.ts'
import { PROVIDER_FAULTS, TELEGRAM_FAULTS } from './echoing-faults.ts'

const UNHURRIED = { timeout: 45_000, interval: 50 }
const DEVELOPMENT = { ENVIRONMENT: 'development', LOG_LEVEL: 'debug', DEBUG: '*' }
const PRELOAD = { preload: 'tests/security/no-jitter.ts' }

/** The calls of a voice lesson that Telegram answers. */
const METHODS = ['sendMessage', 'getFile', 'downloadFile', 'editMessageText', 'sendVoice']

type FaultyCall = { method: string; faultOf: (at: World) => Fault }

/** Each fault of Telegram's in each call. */
function faultyCalls(): FaultyCall[] {
  return Object.values(TELEGRAM_FAULTS).flatMap((faultOf) =>
    METHODS.map((method) => ({ method, faultOf })),
  )
}

describePostgres('npm start at its most talkative', () => {
  let world: World
  let instance: Instance
  let apiKey: string
  /** Every header and body of an answer. */
  const answers: string[] = []
  beforeAll(async () => {
    world = await openWorld({ env: DEVELOPMENT })
    apiKey = await createApiKey(world.db, { name: 'client', telegramLearners: false })
    instance = await world.start({}, PRELOAD)
    world.deliverTo(instance)
  })
  afterAll(async () => {
    await world.close()
    killChildren()
  })

  /** Asks an instance, and keeps what it answered. */
  async function ask(request: Request, { url }: Pick<Instance, 'url'> = instance) {
    const { pathname, search } = new URL(request.url)
    const response = await fetch(new Request(new URL(`${pathname}${search}`, url), request))
    const body = await response.text()
    answers.push(
      `${request.url} ${response.status} ${JSON.stringify([...response.headers])} ${body}`,
    )
    return { status: response.status, body }
  }

  function get(path: string, headers: Record<string, string> = {}): Request {
    return new Request(new URL(path, 'https://bot.example'), { headers })
  }

  function delivery(body: string, secret: string): Request {
    const headers = { [SECRET_HEADER]: secret }
    return new Request('https://bot.example/webhook', { method: 'POST', headers, body })
  }

  function expectNoSecretIn(text: string): void {
    const keySecret = apiKey.slice('mluv_12345678_'.length)
    expect(secretsIn(text, { ...world.secrets, 'an API key': keySecret })).toEqual([])
  }

  test('npm start shows no secret in a lesson, nor in an answer to a request without a key', async () => {
    const { ADMIN_TOKEN = '', CRON_SECRET = '', TELEGRAM_WEBHOOK_SECRET = '' } = world.secrets
    const lesson = { user_id: 'olena', text: 'Jdu domů.' }
    expect((await ask(textRequest(apiKey, lesson))).status).toBe(200)
    for (const request of [
      get('/health'),
      get('/health?deep=1'),
      get('/health?deep=1', bearer(ADMIN_TOKEN)),
      get('/metrics', bearer(ADMIN_TOKEN)),
      get('/api/openapi.json'),
      get('/api/cron/sweep', bearer(CRON_SECRET)),
      get('/api/cron/sweep', bearer(ADMIN_TOKEN)),
      get('/nothing'),
      delivery('{"update_id":1}', 'wrong'),
      delivery('{"update_id":2', TELEGRAM_WEBHOOK_SECRET),
      delivery(JSON.stringify({ update_id: 3, ...world.secrets }), TELEGRAM_WEBHOOK_SECRET),
      textRequest('wrong', lesson),
      textRequest(apiKey, {}),
    ]) {
      await ask(request)
    }
    // The secrets in a request are in no answer and in no line of the log.
    expectNoSecretIn(world.output())
    expectNoSecretIn(answers.join('\n'))
  })

  const STAGES: readonly Stage[] = ['transcribe', 'reply', 'speak']

  test.each(Object.entries(PROVIDER_FAULTS))(
    'npm start shows no secret where the provider %s',
    async (name, faultOf) => {
      for (const stage of STAGES) {
        world.openai.failAll(stage, faultOf(world))
        const { status } = await ask(
          formRequest(apiKey, { user_id: name, audio: recording('1-shop') }),
        )
        world.openai.recover()
        await world.db.deleteFrom('breaker').execute()
        // A lesson stands where only its voice has failed.
        expect([stage, status]).toEqual([stage, stage === 'speak' ? 200 : expect.any(Number)])
        if (stage !== 'speak') expect(status).toBeGreaterThanOrEqual(400)
      }
      expectNoSecretIn(world.output())
      expectNoSecretIn(answers.join('\n'))
    },
  )

  /** Lets faults happen to one call of a method each, in a lesson of its own. */
  async function faultsIn(faultyCalls: readonly FaultyCall[], firstId: number): Promise<void> {
    const learners = pgLearners(world.db)
    const calls = faultyCalls.map(({ method, faultOf }) => ({ method, fault: faultOf(world) }))
    for (const [index, { method, fault }] of calls.entries()) {
      const user = { id: firstId + index, first_name: 'Olena' }
      await learners.chooseNativeLanguage(user.id, 'uk')
      const { message } = world.telegram
        .learner(user)
        .sendsVoice(recording('1-shop'), { duration: 4 })
      const fileId = message.voice?.file_id ?? ''
      const path = `file_${/\d+$/.exec(fileId)?.[0]}.oga`
      world.telegram.failNext(
        ({ method: callMethod, payload }) =>
          callMethod === method &&
          (String(payload.chat_id) === String(user.id) ||
            payload.file_id === fileId ||
            String(payload.file_path).endsWith(path)),
        fault,
      )
    }
    await vi.waitFor(async () => {
      const waitingJobs = world.db.selectFrom('inbox').select('id').where('state', '=', 'waiting')
      expect(world.telegram.pendingCount()).toBe(0)
      expect(await waitingJobs.execute()).toEqual([])
    }, UNHURRIED)
  }

  test('npm start shows and stores no secret at any fault of Telegram’s', async () => {
    // An exhausted quota is never tried again, and a lesson that stays a text is quicker.
    world.openai.failAll('speak', { kind: 'quota-exhausted' })
    const calls = faultyCalls()
    await faultsIn(
      calls.filter(({ method }) => method !== 'sendVoice'),
      60_000,
    )
    world.openai.recover()
    await faultsIn(
      calls.filter(({ method }) => method === 'sendVoice'),
      61_000,
    )
    const output = world.output()
    for (const event of ['processing_error', 'job_dead', 'telegram_retry', 'provider_retry']) {
      expect(output).toContain(`"event":"${event}"`)
    }
    expectNoSecretIn(output)
    expectNoSecretIn(await dumpOf(world.db))
  })

  describe('with a database', () => {
    /** Starts on a database that cannot be had, and asks everything. */
    async function expectNoSecretOn(change: (url: URL) => void): Promise<void> {
      const url = new URL(world.secrets.DATABASE_URL ?? '')
      change(url)
      const otherProcess = await world.start({ DATABASE_URL: url.href })
      const secret = world.secrets.TELEGRAM_WEBHOOK_SECRET ?? ''
      const { body, status } = await ask(delivery('{"update_id":9}', secret), otherProcess)
      expect(status).toBeGreaterThanOrEqual(500)
      // The operator has asked for tracebacks.
      expect(body).toContain('"traceback"')
      await ask(get('/health'), otherProcess)
      await ask(textRequest(apiKey, { user_id: 'olena', text: 'Jdu domů.' }), otherProcess)
      await otherProcess.end('SIGKILL')
      expectNoSecretIn(world.output())
      expectNoSecretIn(answers.join('\n'))
      for (const text of [world.output(), ...answers]) expect(text).not.toContain(url.href)
    }

    test('npm start shows no secret with a database out of reach', () =>
      expectNoSecretOn((url) => {
        url.port = '1'
      }))

    test('npm start shows no secret with a database that closes the connection', async () => {
      const server = createServer((socket) => socket.destroy())
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const address = server.address()
      await expectNoSecretOn((url) => {
        url.host = `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
      })
      server.close()
    })

    test('npm start shows no secret with a database that does not exist', () =>
      expectNoSecretOn((url) => {
        url.pathname = '/no_such_database'
      }))
  })

  test('npm start names a wrong variable, never its value', async () => {
    const { DATABASE_PASSWORD = '', OPENAI_API_KEY = '', TELEGRAM_BOT_TOKEN = '' } = world.secrets
    const wrongEnv = {
      ...world.env,
      TELEGRAM_BOT_TOKEN: `bot${TELEGRAM_BOT_TOKEN}`,
      TELEGRAM_WEBHOOK_SECRET: `${world.secrets.TELEGRAM_WEBHOOK_SECRET} `.repeat(2),
      OPENAI_API_KEY: `${OPENAI_API_KEY} ${OPENAI_API_KEY}`,
      DATABASE_URL: `mysql://root:${DATABASE_PASSWORD}@localhost/test`,
      TELEGRAM_API_ROOT: `ftp://${TELEGRAM_BOT_TOKEN}@localhost`,
      OPENAI_BASE_URL: `${OPENAI_API_KEY}@localhost`,
      PORT: OPENAI_API_KEY,
      ENVIRONMENT: DATABASE_PASSWORD,
    }
    const { code, stdout, stderr } = await runNode('scripts/start.ts', [], wrongEnv)
    expect(code).toBe(1)
    expect(stderr.match(/^- [A-Z_]+/gm)).toHaveLength(8)
    expectNoSecretIn(stdout + stderr)
  })
})
