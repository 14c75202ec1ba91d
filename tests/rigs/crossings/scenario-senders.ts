import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { pgInbox } from '../../../lib/adapters/postgres/inbox.ts'
import type { NewJob } from '../../../lib/app/jobs/inbox.ts'
import type { ChatMessage } from '../../../scripts/studio/telegram/chats.ts'
import type { Learner } from '../../../scripts/studio/telegram/learner.ts'
import type { Update } from '../../../scripts/studio/telegram/objects.ts'
import type { Instance } from '../processes.ts'
import { isStreamed, streamedAnswer } from '../streamed-answer.ts'
import type { World } from '../world.ts'

/** What came of a send, as far as a scenario looks at it. */
export type SentMessage = Pick<ChatMessage, 'text' | 'file' | 'buttons'>

/** A learner or an API client that is about to send one message. */
export type Sender = {
  /** Sends it to an instance, without waiting; the key of its job. */
  send(to: Pick<Instance, 'url'>): string
  /** Sends the same again, now to this instance, until it is answered: the sender has had no answer. */
  repeat(to: Pick<Instance, 'url'>): Promise<void>
  /** The bot's messages that have come since. */
  newMessages(): SentMessage[]
  /** The faults of the answers so far. */
  problems(): Promise<string[]>
}

/** How long Telegram's stand-in needs to see that a connection is gone. */
const NOTICED_MS = 300

/** A learner on Telegram. Telegram is the one that repeats: it delivers until it is acknowledged. */
export function telegramSender(
  world: World,
  learner: Learner,
  act: () => Update,
  problems: () => string[] = () => [],
): Sender {
  const { telegram } = world
  const ofBot = () =>
    telegram.chat(learner.chat.id).messages.filter(({ author }) => author === 'bot')
  const before = new Set(ofBot().map(({ id }) => id))
  const isDropped = ({ update_id }: Update) =>
    telegram.attempts.findLast(({ updateId }) => updateId === update_id)?.next === 'dropped'
  let update: Update | undefined
  return {
    send(to) {
      world.deliverTo(to)
      update = act()
      return String(update.update_id)
    },
    async repeat(to) {
      world.deliverTo(to)
      const noticedBy = performance.now() + NOTICED_MS
      while (telegram.pendingCount() > 0 && performance.now() < noticedBy) await delay(10)
      if (update === undefined) return
      // A paused instance holds the delivery: Telegram would hang up after a minute and deliver again. And the
      // stand-in's waits are shortened: on a busy machine a tap outlives its few seconds before this instance is up.
      if (telegram.pendingCount() > 0 || isDropped(update))
        telegram.deliver(update, `again:${update.update_id}`)
    },
    newMessages: () => ofBot().filter(({ id }) => !before.has(id)),
    problems: async () => problems(),
  }
}

/**
 * A job that a sweep finds: what brings such jobs about is another job, or a timer. The sweep of a scheduler begins it; the survivor
 * sweeps by itself.
 */
export function jobSender(
  { db, secrets }: World,
  job: NewJob,
  {
    newMessages = () => [],
    problems = async () => [],
    beforeRepeat = async () => {},
  }: Partial<Pick<Sender, 'newMessages' | 'problems'>> & { beforeRepeat?(): Promise<void> },
): Sender {
  async function begin(url: string): Promise<void> {
    await pgInbox(db, { leaseSeconds: 1 }).add(job)
    await fetch(`${url}/api/cron/sweep`, {
      headers: { authorization: `Bearer ${secrets.CRON_SECRET}` },
    })
  }
  return {
    send(to) {
      // The stop cuts the request off.
      void begin(to.url).catch(() => {})
      return job.key
    },
    repeat: beforeRepeat,
    newMessages,
    problems,
  }
}

type Answer = { status: number; body: string }

/** Each request waits for half a minute by itself. */
const MAX_REQUESTS = 3

/** A caller of the lesson API, who repeats the request under its key, as the README says. */
export function apiSender(
  apiKey: string,
  fields: Record<string, string | Uint8Array>,
  { accept = '*/*' } = {},
): Sender {
  const key = randomUUID()
  const answers: Answer[] = []
  let firstAnswer: Promise<Answer | undefined> = Promise.resolve(undefined)

  async function ask(to: Pick<Instance, 'url'>): Promise<Answer> {
    const form = new FormData()
    for (const [name, value] of Object.entries(fields)) {
      if (typeof value === 'string') form.set(name, value)
      else form.set(name, new Blob([new Uint8Array(value)], { type: 'audio/ogg' }), 'said.ogg')
    }
    const response = await fetch(`${to.url}/api/v1/lessons/process`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'idempotency-key': key, accept },
      body: form,
    })
    const body = await response.text()
    return isStreamed(response) ? streamedAnswer(body) : { status: response.status, body }
  }

  return {
    send(to) {
      // The kill cuts the request off; `repeat` sends it again.
      firstAnswer = ask(to).catch(() => undefined)
      return key
    },
    async repeat(to) {
      for (let request = 1; request <= MAX_REQUESTS; request += 1) {
        const answer = await ask(to)
        if (answer.status === 409) continue
        answers.push(answer)
        return
      }
    },
    newMessages: () => [],
    async problems() {
      // A process that was paused for long may answer its first request late, with 503.
      const lateAnswer = await firstAnswer
      if (lateAnswer !== undefined && lateAnswer.status !== 503) answers.push(lateAnswer)
      const wrongAnswers = answers.filter(({ status }) => status !== 200)
      const bodies = new Set(answers.map(({ body }) => body))
      return [
        ...wrongAnswers.map(({ status, body }) => `answered ${status}: ${body.slice(0, 200)}`),
        ...(bodies.size > 1 ? [`${bodies.size} different answers under one key`] : []),
        ...(/"honzik_response_audio":"\w/.test([...bodies].join())
          ? []
          : ['no sound in the answer']),
      ]
    },
  }
}
