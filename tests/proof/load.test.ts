import { describe, expect, test } from 'vitest'
import { startTelegram } from '../../scripts/studio/telegram/stand-in.ts'
import { answersIn } from '../rigs/load/answers.ts'
import { drainBacklog } from '../rigs/load/backlog.ts'
import { replaceAll } from '../rigs/load/instances.ts'
import type { LoadOptions, LoadPart } from '../rigs/load/part.ts'
import { playScenario, sendAtOnce, sendUntil } from '../rigs/load/scenario.ts'
import { measureStatements } from '../rigs/load/statements.ts'
import { fillInbox, SHAPES } from '../rigs/load/waiting.ts'
import { load } from '../rigs/load.ts'
import { describePostgres } from '../support/databases.ts'
import { IS_WHOLE_PROOF, proofWidth, wholeProofTest } from '../support/proof-width.ts'

const QUICK: LoadOptions = {
  chats: proofWidth({ whole: 8, bounded: 4 }),
  instances: undefined,
  jobs: 1_000,
  latency: {
    transcribeMs: 50,
    firstTokenMs: 50,
    tokensPerSecond: 1_000,
    speechFirstByteMs: 50,
    speechRealtimeFactor: 40,
  },
  leaseSeconds: 20,
  notes: 3,
  slots: undefined,
  repeats: 5,
  write: () => {},
}

/** Between two voice notes while instances come and go. */
const GAP_MS = 400

/** The tests start and end processes, maybe on a busy machine. */
const PATIENCE = 240_000

describePostgres('Under load', (database) => {
  // The bounded proof has the ends of single processes, in the kill tables.
  wholeProofTest(
    'two instances that are restarted in turn lose nothing, double nothing, and keep the order',
    async () => {
      const { totals, violations } = await playScenario(
        {
          name: 'restarted',
          instances: 2,
          isDisturbed: false,
          async send(crowd, fleet) {
            sendAtOnce(crowd, 2)
            await sendUntil(replaceAll(fleet, 'SIGTERM'), crowd, GAP_MS)
          },
        },
        QUICK,
      )
      expect(violations).toEqual([])
      expect(totals).toMatchObject({ lost: 0, doubled: 0 })
      expect(totals.delivered).toBeGreaterThan(2 * QUICK.chats)
    },
    PATIENCE,
  )

  wholeProofTest(
    'two instances that are killed in turn lose nothing, and double only what is counted',
    async () => {
      const { totals, violations } = await playScenario(
        {
          name: 'killed',
          instances: 2,
          isDisturbed: true,
          async send(crowd, fleet) {
            sendAtOnce(crowd, 2)
            await sendUntil(replaceAll(fleet, 'SIGKILL'), crowd, GAP_MS)
          },
        },
        { ...QUICK, leaseSeconds: 3 },
      )
      expect(violations).toEqual([])
      expect(totals.lost).toBe(0)
    },
    PATIENCE,
  )

  test.each(IS_WHOLE_PROOF ? (['spread', 'deep'] as const) : (['deep'] as const))(
    'two instances drain what an outage has left (%s), each job once',
    async (shape) => {
      const jobs = shape === 'deep' ? proofWidth({ whole: 300, bounded: 100 }) : 3_000
      const { totals, violations } = await drainBacklog(SHAPES[shape], jobs, 2, QUICK)
      expect(violations).toEqual([])
      expect(totals).toEqual({ delivered: jobs, lost: 0, doubled: 0 })
    },
    PATIENCE,
  )

  test(
    'no statement of the inbox reads all of it, in any shape of a backlog',
    async () => {
      const { db, url = '' } = database()
      for (const shape of Object.values(SHAPES)) {
        await db.deleteFrom('inbox').execute()
        await fillInbox(db, 3_000, shape)
        const statements = await measureStatements(url, 1, shape)
        for (const { plan } of Object.values(statements)) expect(plan).not.toContain('sequential')
        expect(statements.claim.plan).toBe('inbox_lane inbox_pkey')
      }
    },
    PATIENCE,
  )
})

describe('A chat', () => {
  const voiceNote = new TextEncoder().encode('OggS')

  async function chatOf(answers: ('text 1' | 'text 2' | 'voice')[]) {
    const telegram = await startTelegram()
    try {
      const learner = telegram.learner({ id: 7, first_name: 'Olena' })
      const notes = ['1', '2'].map((text) => {
        const { message, update_id: updateId } = learner.sendsVoice(voiceNote, { duration: 1 })
        return { chatId: 7, messageId: message.message_id, updateId, said: text }
      })
      for (const answer of answers) {
        const messageId = notes[answer === 'text 2' ? 1 : 0]?.messageId
        const form = new FormData()
        form.set('chat_id', '7')
        if (answer === 'voice') form.set('voice', new Blob([voiceNote]), 'voice.ogg')
        else {
          form.set('text', answer)
          form.set('reply_parameters', JSON.stringify({ message_id: messageId }))
        }
        const method = answer === 'voice' ? 'sendVoice' : 'sendMessage'
        await fetch(`${telegram.url}/bot${telegram.token}/${method}`, {
          method: 'POST',
          body: form,
        })
      }
      const { answers: chatAnswers, isInOrder } = answersIn(telegram.chat(7), notes)
      return { isInOrder, counts: chatAnswers.map(({ texts, voices }) => `${texts} ${voices}`) }
    } finally {
      await telegram.stop()
    }
  }

  test.each([
    [['text 1', 'voice', 'text 2', 'voice'], ['1 1', '1 1'], true],
    [['text 1', 'text 2', 'voice'], ['1 0', '1 1'], true],
    [['text 1', 'text 1', 'voice', 'voice', 'text 2', 'voice'], ['2 2', '1 1'], true],
    [['text 2', 'voice', 'text 1', 'voice'], ['1 1', '1 1'], false],
  ] as const)(
    'with %j tells what is missing, doubled and out of order',
    async (answers, counts, isInOrder) => {
      expect(await chatOf([...answers])).toEqual({ counts, isInOrder })
    },
  )
})

describe('The command', () => {
  const part = (name: string, violations: string[]): LoadPart => ({
    name,
    about: `about ${name}`,
    run: async ({ chats, write }) => {
      write(`${name} with ${chats}`)
      return { totals: { delivered: chats, lost: violations.length, doubled: 0 }, violations }
    },
  })
  const run = async (args: string[], parts: LoadPart[] = [part('one', []), part('two', [])]) => {
    const output: string[] = []
    const complaints: string[] = []
    const exitCode = await load(
      args,
      {
        write: (line) => void output.push(line),
        complain: (line) => void complaints.push(line),
      },
      parts,
    )
    return { exitCode, output: output.join('\n'), complaint: complaints.join('\n') }
  }

  test('runs all parts, or those it is given, and sums up what became of the jobs', async () => {
    const outcome = await run(['--chats', '5'])
    expect(outcome).toMatchObject({ exitCode: 0, complaint: '' })
    expect(outcome.output).toMatch(/one with 5\n.*two with 5\n.*delivered 10, lost 0, doubled 0/s)
    expect((await run(['two'])).output).not.toContain('one with')
  })

  test('ends with 1 where the promise was broken, and says where', async () => {
    const throwing: LoadPart = { ...part('three', []), run: () => Promise.reject(new Error('no')) }
    const { exitCode, complaint, output } = await run([], [part('two', ['1 lost']), throwing])
    expect(exitCode).toBe(1)
    expect(complaint).toMatch(/^BROKEN two: 1 lost\nBROKEN three: Error: no/)
    expect(output).toContain('lost 1')
  })

  test.each([
    ['a part that is not there', ['four'], /no part "four"/],
    ['no number', ['--chats', 'many'], /--chats must be a whole number/],
    ['an option it does not know', ['--speed'], /--speed/],
  ])('%s ends with 2 and says why', async (_, args, message) => {
    const { exitCode, complaint } = await run(args)
    expect(exitCode).toBe(2)
    expect(complaint).toMatch(message)
  })

  test('--help tells its parts and its exit codes', async () => {
    const { exitCode, output } = await run(['--help'])
    expect(exitCode).toBe(0)
    expect(output).toMatch(/lessons.*instances.*backlog.*Exit code/s)
  })
})
