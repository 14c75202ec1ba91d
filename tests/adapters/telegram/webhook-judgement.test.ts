import { expect, test } from 'vitest'
import {
  type WebhookInfo,
  webhookJudgement,
} from '../../../lib/adapters/telegram/webhook-judgement.ts'

const NOW = new Date('2026-11-28T08:00:00Z')
const secondsAgo = (seconds: number) => NOW.getTime() / 1000 - seconds
const REFUSED = 'Wrong response from the webhook: 401 Unauthorized'
const BROKEN = 'Wrong response from the webhook: 502 Bad Gateway'
const AT_HOME = 'https://bot.example'

const STATES: [string, Partial<WebhookInfo>, string][] = [
  ['nothing is pending', {}, 'ok: 0 pending'],
  ['some updates are on their way', { pending_update_count: 100 }, 'ok: 100 pending'],
  [
    'an error is over, and nothing is pending',
    { last_error_date: secondsAgo(30), last_error_message: BROKEN },
    `ok: 0 pending, last error 30 s ago: ${BROKEN}`,
  ],
  [
    'an error is long over',
    { pending_update_count: 1, last_error_date: secondsAgo(10_000), last_error_message: BROKEN },
    `ok: 1 pending, last error 3 h ago: ${BROKEN}`,
  ],
  ['more is pending than is soon delivered', { pending_update_count: 101 }, 'behind: 101 pending'],
  [
    'deliveries fail now',
    { pending_update_count: 3, last_error_date: secondsAgo(180), last_error_message: BROKEN },
    `failing: 3 pending, last error 3 min ago: ${BROKEN}`,
  ],
  [
    'the secret is another one',
    { pending_update_count: 5_000, last_error_date: secondsAgo(12), last_error_message: REFUSED },
    `our answer is 401, so TELEGRAM_WEBHOOK_SECRET is not what the webhook was set with: run npm run webhook -- set (5000 pending, last error 12 s ago: ${REFUSED})`,
  ],
  ['there is none', { url: '' }, 'no webhook is set: run npm run webhook -- set'],
  [
    'it leads elsewhere',
    { url: 'https://old.example/bot12345/webhook' },
    'the webhook leads to old.example, and not to WEBHOOK_URL: run npm run webhook -- set',
  ],
  [
    'it leads to another path',
    { url: `${AT_HOME}/hook` },
    'the webhook leads to bot.example, and not to WEBHOOK_URL: run npm run webhook -- set',
  ],
]

test.each(STATES)('a webhook, where %s, is judged', (_, change, judgement) => {
  const info = {
    url: `${AT_HOME}/webhook`,
    pending_update_count: 0,
    last_error_message: '',
    ...change,
  }
  expect(webhookJudgement(info, { webhookUrl: AT_HOME, now: NOW })).toBe(judgement)
})

test('a webhook leads where it likes where WEBHOOK_URL is not set', () => {
  const info = { url: 'https://any.example/x', pending_update_count: 0, last_error_message: '' }
  expect(webhookJudgement(info, { webhookUrl: undefined, now: NOW })).toBe('ok: 0 pending')
})
