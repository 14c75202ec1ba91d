import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { StudioEvent } from '../../../scripts/studio/events/event.ts'
import { wayOf } from '../../../scripts/studio/events/way.ts'
import type { FaultName } from '../../../scripts/studio/faults/view.ts'
import type { Act, ChatView } from '../../../scripts/studio/view.ts'
import { type RunningScript, runScript } from '../run-script.ts'

const ROOT = resolve(import.meta.dirname, '../../..')
const ADAM = 42
/** Two starts of the functions, on a machine that is busy. */
const TIMEOUT_MS = 240_000
vi.setConfig({ testTimeout: TIMEOUT_MS })

let dev: RunningScript
let url = ''
const events: StudioEvent[] = []
const chats = new Map<number, ChatView>()

beforeAll(async () => {
  dev = runScript(join(ROOT, 'scripts', 'dev.ts'), { PORT: '0' })
  url = (await dev.prints(/Talk to Honzík at (\S+)/))[1] ?? ''
  void follow('/studio/events', (event: StudioEvent) => events.push(event))
  void follow('/studio/chats', (chat: ChatView) => {
    if ('learnerId' in chat) chats.set(chat.learnerId, chat)
  })
}, TIMEOUT_MS)
afterAll(() => dev.dispose())

test('a lesson whose process is killed in the studio goes on in the next one, and is answered once', async () => {
  await act({ kind: 'text', text: 'Jdu do škola.' })
  await expect.poll(lines('step_ended'), { timeout: TIMEOUT_MS }).not.toHaveLength(0)
  await press('kill')
  await expect
    .poll(lines('text_message_processed_successfully'), { timeout: TIMEOUT_MS })
    .toHaveLength(1)
  // If the process was killed while it sent, it cannot know whether the message has arrived: only then does the message come twice.
  const most = 1 + lines('duplicate_possible')().length
  await expect.poll(verdicts, { timeout: TIMEOUT_MS }).not.toHaveLength(0)
  expect(verdicts().length).toBeLessThanOrEqual(most)

  const [updateId = 0] = updateIds()
  const way = wayOf(events, updateId)
  expect(way?.runs.at(-1)).toMatchObject({ outcome: 'text_message_processed_successfully' })
  expect(way?.runs.at(-1)?.attempt).toBeGreaterThan(1)
})

const lines = (name: string) => () =>
  events.filter((event) => event.kind === 'log' && event.event === name)

/** The bot's messages that have the corrected word. */
function verdicts() {
  const messages = chats.get(ADAM)?.messages ?? []
  return messages.filter(({ author, text }) => author === 'bot' && text.includes('školy'))
}

function updateIds(): number[] {
  return events.flatMap((event) => (event.kind === 'delivery' ? [event.updateId] : []))
}

const act = (what: Act) => post('/studio/act', { learnerId: ADAM, act: what })
const press = (name: FaultName) => post('/studio/faults', { name })

async function post(path: string, body: object): Promise<void> {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect([response.status, await response.text()]).toEqual([200, '{}'])
}

/** Reads a stream of the studio's server until it ends with the studio. */
async function follow<Event>(path: string, take: (event: Event) => void): Promise<void> {
  const { body } = await fetch(`${url}${path}`)
  let text = ''
  try {
    for await (const chunk of body ?? []) {
      text += Buffer.from(chunk).toString()
      const parts = text.split('\n\n')
      text = parts.pop() ?? ''
      for (const part of parts) take(JSON.parse(part.replace(/^(event: .*\n)?data: /, '')))
    }
  } catch (error) {
    // The studio ends before its readers do.
    if (!(error instanceof TypeError)) throw error
  }
}
