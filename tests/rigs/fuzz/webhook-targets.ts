import assert from 'node:assert/strict'
import fc from 'fast-check'
import { violatedInvariants } from '../invariants.ts'
import { changes, editedJson, hostileJson } from './json.ts'
import type { FuzzedProduct } from './product.ts'
import { type FuzzTarget, fuzzTarget } from './target.ts'
import { hostileText } from './texts.ts'
import { SECRET_HEADER, UPDATE_KEYS, UPDATES, updateOf } from './updates.ts'

/** Whose delivery it pretends to be; most must get past the door. */
const secretHeader = fc.oneof(
  { weight: 9, arbitrary: fc.constant('right' as const) },
  { weight: 1, arbitrary: fc.constantFrom('none' as const, 'wrong', 'twice', 'longer') },
)

const method = fc.oneof(
  { weight: 19, arbitrary: fc.constant('POST') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('GET', 'PUT', 'DELETE', 'constructor', '__proto__', 'post'),
  },
)

const contentType = fc.constantFrom(
  ...[
    'application/json',
    'text/plain',
    'application/json; charset=utf-16',
    'multipart/form-data',
    '',
  ],
)

const BOMB_LEVELS = 200_000

/** Any body: bytes, JSON that is no update, too much of it, or too deep. */
const body: fc.Arbitrary<Uint8Array<ArrayBuffer>> = fc.oneof(
  { weight: 3, arbitrary: fc.uint8Array({ maxLength: 400 }).map((bytes) => new Uint8Array(bytes)) },
  { weight: 3, arbitrary: hostileText().map(bytesOf) },
  { weight: 6, arbitrary: hostileJson().map(bytesOf) },
  {
    weight: 6,
    arbitrary: fc
      .tuple(
        fc.constantFrom('update_id', 'message', 'callback_query'),
        hostileJson(),
        hostileJson(),
      )
      .map(([key, id, json]) => bytesOf(`{"update_id":${id},"${key}":${json}}`)),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('[', '{"a":'), fc.boolean())
      .map(([open, isUpdate]) =>
        bytesOf(`${isUpdate ? '{"update_id":1,"x":' : ''}${open.repeat(BOMB_LEVELS)}`),
      ),
  },
  { weight: 1, arbitrary: fc.nat(400_000).map((length) => new Uint8Array(length).fill(0x20)) },
)

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

/** What comes to the webhook. */
export const WEBHOOK_TARGETS: readonly FuzzTarget[] = [
  fuzzTarget({
    name: 'webhook',
    fact: 'any request to the webhook is answered, and stored if it authenticates',
    weight: 25,
    arbitrary: fc.record({ body, secretHeader, method, contentType }),
    async holds({ body, secretHeader, method, contentType }, subject) {
      const product = await subject.product()
      const { webhookSecret: right } = product
      const secrets = {
        right,
        none: '',
        wrong: 'wrong',
        twice: `${right}, ${right}`,
        longer: `${right}x`,
      }
      const status = await deliver(product, {
        method,
        headers: { 'content-type': contentType, [SECRET_HEADER]: secrets[secretHeader] },
        body,
      })
      const expectedStatus =
        method.toUpperCase() === 'POST' ? (secretHeader === 'right' ? 200 : 401) : 405
      assert.equal(status, expectedStatus)
    },
  }),
  fuzzTarget({
    name: 'updates',
    fact: 'any changed update is a job that comes to its end and breaks no rule',
    weight: 15,
    arbitrary: fc.record({ kind: fc.constantFrom(...UPDATES), edits: changes(UPDATE_KEYS) }),
    async holds({ kind, edits }, subject) {
      const product = await subject.product()
      const update = await updateOf(product, kind)
      const status = await deliver(product, {
        method: 'POST',
        headers: { 'content-type': 'application/json', [SECRET_HEADER]: product.webhookSecret },
        body: bytesOf(editedJson(update, edits)),
      })
      assert.equal(status, 200)
      assert.deepEqual(await violatedInvariants(product.db), [])
    },
  }),
]

/** Delivers, and waits until all jobs have ended; only a delivery answered 200 may have added a job of Telegram's. */
async function deliver(
  product: FuzzedProduct,
  {
    method,
    headers,
    body,
  }: { method: string; headers: Record<string, string>; body: Uint8Array<ArrayBuffer> },
): Promise<number> {
  const before = await telegramJobsIn(product)
  const request = new Request('https://bot.example/webhook', {
    method,
    headers,
    ...(method === 'GET' ? {} : { body }),
  })
  const response = await product.webhook(request)
  await product.settle()
  const addedJobs = (await telegramJobsIn(product)) - before
  assert.ok(response.status === 200 ? addedJobs <= 1 : addedJobs === 0, `${addedJobs} jobs added`)
  return response.status
}

async function telegramJobsIn({ db }: FuzzedProduct): Promise<number> {
  const { count } = await db
    .selectFrom('inbox')
    .where('source', 'like', 'tg:%')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}
