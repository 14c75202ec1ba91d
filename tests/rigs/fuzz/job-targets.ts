import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import type { JobSource } from '../../../lib/app/jobs/sources.ts'
import { violatedInvariants } from '../invariants.ts'
import { changes, editedJson, hostileJson } from './json.ts'
import { OPERATOR_CHAT } from './product.ts'
import { type FuzzTarget, fuzzTarget } from './target.ts'
import { hostileText } from './texts.ts'

const ALERT_SOURCE = { source: 'alert:chat', slots: 'background' } as const
const CHAT_ALERT = {
  target: 'chat',
  alert: { kind: 'slow', summary: 'a', fix: 'b', since: '2026-11-28T12:00', link: null },
}
const ASIDE = {
  kind: 'translate',
  jobId: 1,
  telegramId: 1,
  messageId: 1,
  form: 'voice',
  language: 'uk',
}

/** An alert whose words are any. */
const wordyAlert = fc
  .record({
    kind: hostileText(),
    summary: hostileText(),
    fix: hostileText(),
    since: hostileText(),
    link: fc.option(hostileText()),
  })
  .map((alert) => ({
    source: ALERT_SOURCE,
    text: JSON.stringify({ target: 'chat', alert }),
    lane: 'alert:chat',
  }))

/** A job as its own adder would have stored it, with anything in its payload. */
const storedJob = fc.oneof(
  { weight: 2, arbitrary: wordyAlert },
  { weight: 1, arbitrary: jobOf(ALERT_SOURCE, CHAT_ALERT) },
  {
    weight: 1,
    arbitrary: jobOf(
      { source: 'alert:webhook', slots: 'background' },
      { ...CHAT_ALERT, target: 'webhook' },
    ),
  },
  { weight: 1, arbitrary: jobOf({ source: 'memory:tg', slots: 'background' }, {}) },
  { weight: 2, arbitrary: jobOf({ source: 'aside:tg', slots: 'lesson' }, ASIDE) },
)

function jobOf(source: JobSource, payload: object) {
  const changedPayload = changes(['target', ...Object.keys(payload)]).map((edits) =>
    editedJson(payload, edits),
  )
  return fc
    .tuple(fc.oneof(changedPayload, hostileJson(), hostileText()), fc.nat(3))
    .map(([text, lane]) => ({ source, text, lane: `${source.source.split(':')[0]}:${lane}` }))
}

/** What jobs of ours find in their payload: it may be another version's. */
export const JOB_TARGETS: readonly FuzzTarget[] = [
  fuzzTarget({
    name: 'job-payloads',
    fact: 'a job with any payload comes to its end and breaks no rule; what an alert says is shown as it is',
    weight: 4,
    arbitrary: storedJob,
    async holds({ source, text, lane }, subject) {
      const product = await subject.product()
      const { db, deps, telegram } = product
      const key = randomUUID()
      // What Telegram cannot read as HTML is sent again without.
      const countPlain = () =>
        telegram.calls.filter(
          ({ method, payload }) =>
            method === 'sendMessage' &&
            payload.chat_id === OPERATOR_CHAT &&
            payload.parse_mode === undefined,
        ).length
      const plainBefore = countPlain()
      await deps.inbox.add({ ...source, key, lane, payload: new TextEncoder().encode(text) })
      await product.settle()
      const { state } = await db
        .selectFrom('inbox')
        .select('state')
        .where('key', '=', key)
        .executeTakeFirstOrThrow()
      assert.ok(state === 'done' || state === 'dead', `It is ${state}.`)
      assert.equal(countPlain(), plainBefore)
      assert.deepEqual(await violatedInvariants(db), [])
    },
  }),
]
