import type { Fault, Stage } from '../../../scripts/studio/openai/faults.ts'
import type { Fault as TelegramFault } from '../../../scripts/studio/telegram/faults.ts'

/** What can go wrong at the provider, by stage; faults that never answer are left out, since they would take too long. */
export const PROVIDER_FAULTS: readonly { stage: Stage; fault: Fault }[] = [
  { stage: 'transcribe', fault: { kind: 'rate-limited' } },
  { stage: 'transcribe', fault: { kind: 'rate-limited', retryAfterSeconds: 30 } },
  { stage: 'transcribe', fault: { kind: 'server-error' } },
  { stage: 'transcribe', fault: { kind: 'reset' } },
  { stage: 'transcribe', fault: { kind: 'quota-exhausted' } },
  { stage: 'reply', fault: { kind: 'rate-limited', retryAfterSeconds: 1 } },
  { stage: 'reply', fault: { kind: 'rate-limited', retryAfterSeconds: 60 } },
  { stage: 'reply', fault: { kind: 'server-error' } },
  { stage: 'reply', fault: { kind: 'reset' } },
  { stage: 'reply', fault: { kind: 'invalid-json' } },
  { stage: 'reply', fault: { kind: 'schema-violated' } },
  { stage: 'reply', fault: { kind: 'truncated' } },
  { stage: 'reply', fault: { kind: 'refusal' } },
  { stage: 'reply', fault: { kind: 'content-filter' } },
  { stage: 'reply', fault: { kind: 'quota-exhausted' } },
  { stage: 'speak', fault: { kind: 'rate-limited' } },
  { stage: 'speak', fault: { kind: 'server-error' } },
  { stage: 'speak', fault: { kind: 'reset' } },
  { stage: 'speak', fault: { kind: 'empty-audio' } },
  { stage: 'speak', fault: { kind: 'reworded' } },
  { stage: 'speak', fault: { kind: 'content-filter' } },
  { stage: 'speak', fault: { kind: 'quota-exhausted' } },
]

/** What can go wrong with any call of Telegram's; a 4xx is never an answer to what was done. */
const OF_ANY_CALL: readonly TelegramFault[] = [
  { kind: 'error', status: 429, retryAfterSeconds: 1 },
  { kind: 'error', status: 429, retryAfterSeconds: 40 },
  { kind: 'error', status: 500 },
  { kind: 'error', status: 500, when: 'after' },
  { kind: 'error', status: 502, body: '<html>Bad Gateway</html>' },
  { kind: 'reset' },
  { kind: 'reset', when: 'midway' },
  { kind: 'reset', when: 'after' },
]

const METHODS = [
  'sendMessage',
  'editMessageText',
  'sendVoice',
  'sendChatAction',
  'answerCallbackQuery',
  'getFile',
]

/** What can go wrong at Telegram, by method. */
export const TELEGRAM_FAULTS: readonly { method: string; fault: TelegramFault }[] = [
  ...METHODS.flatMap((method) => OF_ANY_CALL.map((fault) => ({ method, fault }))),
  { method: 'downloadFile', fault: { kind: 'error', status: 500 } },
  { method: 'downloadFile', fault: { kind: 'reset', when: 'midway' } },
  { method: 'sendMessage', fault: { kind: 'error', status: 401, description: 'Unauthorized' } },
  { method: 'sendMessage', fault: blockFault() },
  { method: 'sendVoice', fault: blockFault() },
  { method: 'sendMessage', fault: refusalFault("can't parse entities") },
  { method: 'editMessageText', fault: refusalFault("can't parse entities") },
  { method: 'sendMessage', fault: refusalFault('message is too long') },
  { method: 'sendVoice', fault: refusalFault('VOICE_MESSAGES_FORBIDDEN') },
  { method: 'sendVoice', fault: refusalFault('wrong file') },
]

function blockFault(): TelegramFault {
  return { kind: 'error', status: 403, description: 'Forbidden: bot was blocked by the user' }
}

function refusalFault(reason: string): TelegramFault {
  return { kind: 'error', status: 400, description: `Bad Request: ${reason}` }
}
