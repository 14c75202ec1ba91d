import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pgInbox } from '../../../lib/adapters/postgres/inbox.ts'
import { pgJournal } from '../../../lib/adapters/postgres/journal.ts'
import { describeDatabases } from '../../support/databases.ts'
import { beginJob, remember, startSend, takeOver } from '../../support/jobs.ts'

describeDatabases('The journal', (database) => {
  const inbox = () => pgInbox(database().db, { leaseSeconds: 20 })
  const journal = () => pgJournal(database().db)
  const storedValue = async (value: unknown) => {
    const job = await beginJob(inbox())
    await remember(journal(), job, 'step', value)
    const [entry] = await journal().read(job.id)
    expect(await journal().find(job.id, 'step')).toEqual(entry?.value)
    return entry?.value
  }

  test.each([
    ['a text with a NUL and a lone surrogate', { text: 'a\u0000b\ud800c', languages: ['cs'] }],
    ['a number', 42],
    ['nothing', null],
    ['false', false],
    ['a list', [1, { two: 'dvě' }]],
    ['an empty object', {}],
    ['a sound', { ogg: new Uint8Array([0, 255, 92]), durationSeconds: 1.5, usage: { cost: 3 } }],
    ['an empty sound', { ogg: new Uint8Array(), durationSeconds: 0 }],
  ])('%s comes back as it was remembered', async (_, value) => {
    expect(await storedValue(value)).toEqual(value)
  })

  test('a step without a value comes back without one', async () => {
    expect(await storedValue(undefined)).toBe(undefined)
  })

  test('any JSON value comes back as it was stored', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ stringUnit: 'binary' }), async (value) => {
        expect(await storedValue(value)).toEqual(JSON.parse(JSON.stringify(value)))
      }),
      { numRuns: 20 },
    )
  })

  test('a megabyte of sound comes back byte for byte', async () => {
    const ogg = Uint8Array.from({ length: 1_048_576 }, (_, n) => (n * 31) % 256)
    expect(await storedValue({ ogg })).toEqual({ ogg })
  })

  test('a step stored again has the newest value', async () => {
    const job = await beginJob(inbox())
    await remember(journal(), job, 'reply', { text: 'Ahoj', ogg: new Uint8Array([1]) })
    await remember(journal(), job, 'reply', { text: 'Nazdar' })
    expect(await journal().read(job.id)).toEqual([
      { step: 'reply', state: 'done', sends: 0, value: { text: 'Nazdar' } },
    ])
  })

  test('a send counts how often it was started, and not one that certainly failed', async () => {
    const job = await beginJob(inbox())
    expect(await startSend(journal(), job, 'voice')).toBe(1)
    expect(await startSend(journal(), job, 'voice')).toBe(2)
    await journal().unstart(job, 'voice')
    expect(await startSend(journal(), job, 'voice')).toBe(2)
    expect(await journal().find(job.id, 'voice')).toBe(undefined)
    await remember(journal(), job, 'voice', 77)
    expect(await journal().read(job.id)).toEqual([
      { step: 'voice', state: 'done', sends: 2, value: 77 },
    ])
  })

  test('several entries are one statement: a result, and a send that begins', async () => {
    const job = await beginJob(inbox())
    await startSend(journal(), job, 'voice')
    const counts = await journal().write(
      job,
      [
        { step: 'speak:1', state: 'done', value: { ogg: new Uint8Array([1, 2]), seconds: 1 } },
        { step: 'heard', state: 'done', value: 12 },
        { step: 'voice', state: 'started' },
        { step: 'verdict', state: 'started' },
      ],
      [],
    )
    expect([counts.get('voice'), counts.get('verdict')]).toEqual([2, 1])
    const entries = await journal().read(job.id)
    expect(entries.toSorted((a, b) => a.step.localeCompare(b.step))).toEqual([
      { step: 'heard', state: 'done', sends: 0, value: 12 },
      {
        step: 'speak:1',
        state: 'done',
        sends: 0,
        value: { ogg: new Uint8Array([1, 2]), seconds: 1 },
      },
      { step: 'verdict', state: 'started', sends: 1, value: undefined },
      { step: 'voice', state: 'started', sends: 2, value: undefined },
    ])
  })

  test('several entries are written by the owner of the job, or none of them', async () => {
    const job = await beginJob(inbox())
    await takeOver(database().db, inbox(), job)
    const slowWrite = journal().write(
      job,
      [
        { step: 'transcribe', state: 'done', value: 'Ahoj' },
        { step: 'heard', state: 'started' },
      ],
      [],
    )
    await expect(slowWrite).rejects.toMatchObject({ code: 'lease-lost' })
    expect(await journal().read(job.id)).toEqual([])
  })

  test('each job has a journal of its own', async () => {
    const [job, otherJob] = [await beginJob(inbox()), await beginJob(inbox())]
    await remember(journal(), job, 'transcribe', 'Ahoj')
    expect(await journal().read(otherJob.id)).toEqual([])
    expect(await journal().find(otherJob.id, 'transcribe')).toBe(undefined)
  })
})
