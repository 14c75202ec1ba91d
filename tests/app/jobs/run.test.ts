import { describe, expect, test, vi } from 'vitest'
import { pgInbox } from '../../../lib/adapters/postgres/inbox.ts'
import { pgJournal } from '../../../lib/adapters/postgres/journal.ts'
import { AppError, type ErrorCode } from '../../../lib/app/error.ts'
import type { Job, JobRun } from '../../../lib/app/jobs/job.ts'
import type { Journal } from '../../../lib/app/jobs/journal.ts'
import { beginRun, type EndingRun } from '../../../lib/app/jobs/run.ts'
import { unstoredCharges } from '../../../lib/app/jobs/unstored-charges.ts'
import { describeDatabases } from '../../support/databases.ts'
import { beginJob, reach, rowOf, takeOver } from '../../support/jobs.ts'
import { rememberingLog } from '../../support/scripted-provider.ts'

describeDatabases(
  'A run of a job',
  (database) => {
    const inbox = () => pgInbox(database().db, { leaseSeconds: 20 })
    const journal = () => pgJournal(database().db)
    const begin = (
      job: Job,
      write = journal().write,
      signal = new AbortController().signal,
    ): Promise<EndingRun> => {
      const log = rememberingLog()
      const ownJournal = { ...journal(), write }
      const deps = {
        journal: ownJournal,
        unstoredCharges: unstoredCharges({ journal: ownJournal, log }),
        log,
      }
      return beginRun({ ...deps, confirmLease: async () => {} }, job, signal)
    }
    const chargesOf = async ({ job }: JobRun) => {
      const rows = database().db.selectFrom('usage').select('step').where('job_id', '=', job.id)
      return (await rows.execute()).map(({ step }) => step)
    }
    /** The run that takes a job over from one that died after storing its steps. */
    const nextRun = async (run: JobRun) => {
      await run.settled()
      return begin(await takeOver(database().db, inbox(), run.job))
    }

    describe('pays', () => {
      const USAGE = {
        stage: 'speak',
        vendor: 'vendor.example',
        model: 'm',
        costMicroUsd: 7,
        isEstimate: false,
      } as const

      test('what a run pays after another run has taken its job over is charged all the same', async () => {
        const run = await begin(await beginJob(inbox()))
        await takeOver(database().db, inbox(), run.job)
        run.store('reply', 'Ahoj')
        await expect(run.settled()).rejects.toMatchObject({ code: 'lease-lost' })
        run.charge('speak')(USAGE)
        await expect(run.settled()).rejects.toMatchObject({ code: 'lease-lost' })
        expect(await chargesOf(run)).toEqual(['speak'])
      })

      test('a call that ends after its run is charged at once, and waits for no entry', async () => {
        const end = new AbortController()
        const run = await begin(await beginJob(inbox()), undefined, end.signal)
        end.abort()
        run.charge('speak')(USAGE)
        await vi.waitFor(async () => expect(await chargesOf(run)).toEqual(['speak']))
      })

      test('a run has ended when the calls that it has left under way are charged', async () => {
        const end = new AbortController()
        const run = await begin(await beginJob(inbox()), undefined, end.signal)
        const callBegins = Promise.withResolvers<void>()
        const call = run.once('speak:abc', (charge) => {
          const brokenCall = Promise.withResolvers<never>()
          end.signal.addEventListener('abort', () => {
            charge(USAGE)
            brokenCall.reject(end.signal.reason)
          })
          callBegins.resolve()
          return brokenCall.promise
        })
        await callBegins.promise
        end.abort(new AppError('lease-lost', 'over'))
        await Promise.all([run.ended(), expect(call).rejects.toThrow('over')])
        expect(await chargesOf(run)).toEqual(['speak:abc'])
      })

      test('a run has ended when its calls that belong to no step are charged, which end a while after its signal', async () => {
        const end = new AbortController()
        const run = await begin(await beginJob(inbox()), undefined, end.signal)
        const stoppedSpeech = run.whileUnderWay(
          new Promise((_, reject) => {
            const breakOff = () => {
              run.charge('speak')(USAGE)
              reject(end.signal.reason)
            }
            end.signal.addEventListener('abort', () => setImmediate(breakOff))
          }),
        )
        end.abort(new AppError('lease-lost', 'over'))
        await Promise.all([run.ended(), expect(stoppedSpeech).rejects.toThrow('over')])
        expect(await chargesOf(run)).toEqual(['speak'])
      })

      test('a step is paid once, in this run and in those after it', async () => {
        const firstRun = await begin(await beginJob(inbox()))
        let payments = 0
        const pay = async () => {
          payments += 1
          return { text: 'Ahoj', cost: payments }
        }
        expect(await firstRun.once('transcribe', pay)).toEqual({ text: 'Ahoj', cost: 1 })
        expect(await firstRun.once('transcribe', pay)).toEqual({ text: 'Ahoj', cost: 1 })
        const secondRun = await nextRun(firstRun)
        expect(await secondRun.once('transcribe', pay)).toEqual({ text: 'Ahoj', cost: 1 })
        expect(await secondRun.once('reply', pay)).toEqual({ text: 'Ahoj', cost: 2 })
      })

      test('a step that failed is paid again', async () => {
        const run = await begin(await beginJob(inbox()))
        const failedStep = run.once('reply', async () => {
          throw new AppError('provider-failed', 'no')
        })
        await expect(failedStep).rejects.toThrow('no')
        expect(await (await nextRun(run)).once('reply', async () => 'Ahoj')).toBe('Ahoj')
      })

      test('paid sound comes back in the next run byte for byte', async () => {
        const speech = { ogg: new Uint8Array([79, 0, 255]), durationSeconds: 1.25 }
        const run = await begin(await beginJob(inbox()))
        await run.once('speak:abc', async () => speech)
        const secondRun = await nextRun(run)
        const storedSpeech = await secondRun.once('speak:abc', async () => ({
          ogg: new Uint8Array(),
          durationSeconds: 0,
        }))
        expect(storedSpeech).toEqual(speech)
        expect(storedSpeech.ogg).toBeInstanceOf(Uint8Array)
      })

      test('a run pays for nothing that another run owns by then', async () => {
        const run = await begin(await beginJob(inbox()))
        const paidStep = run.once('reply', async () => {
          await takeOver(database().db, inbox(), run.job)
          return 'Ahoj'
        })
        expect(await paidStep).toBe('Ahoj')
        await expect(run.settled()).rejects.toMatchObject({ code: 'lease-lost' })
        expect(await journal().read(run.job.id)).toEqual([])
      })

      test('a run knows how long each kind of step took', async () => {
        const run = await begin(await beginJob(inbox()))
        await run.once('speak:0123', async () => 1)
        await run.send('heard', async () => 2, reach)
        expect(run.stagesMs()).toEqual({ speak: expect.any(Number), heard: expect.any(Number) })
      })
    })

    describe('sends', () => {
      const death = new Error('the process died')
      /** Sends, and dies before the message id is stored. */
      const sendAndDie = async (run: JobRun, step = 'heard') => {
        const dyingSend = run.send(
          step,
          async () => {
            throw death
          },
          reach,
        )
        await expect(dyingSend).rejects.toBe(death)
      }
      const duplicates = async (run: JobRun) => {
        await inbox().finish(run.job)
        return (await rowOf(database().db, run.job)).duplicates_possible
      }

      test('a message is sent once, and its id is stored', async () => {
        const firstRun = await begin(await beginJob(inbox()))
        let sends = 0
        const send = async () => {
          sends += 1
          return 100 + sends
        }
        expect(await firstRun.send('heard', send, reach)).toBe(101)
        expect(await firstRun.send('heard', send, reach)).toBe(101)
        const secondRun = await nextRun(firstRun)
        expect(await secondRun.send('heard', send, reach)).toBe(101)
        expect(sends).toBe(1)
        expect(await duplicates(secondRun)).toBe(0)
      })

      test('a message is sent once more after a death in the middle of its send, and that is counted', async () => {
        const firstRun = await begin(await beginJob(inbox()))
        await sendAndDie(firstRun)
        const secondRun = await nextRun(firstRun)
        expect(await secondRun.send('heard', async () => 7, reach)).toBe(7)
        expect(await duplicates(secondRun)).toBe(1)
      })

      test('a message is sent no fifth time, however often its process dies', async () => {
        let run = await begin(await beginJob(inbox()))
        for (let sends = 1; sends <= 4; sends += 1) {
          await sendAndDie(run)
          run = await nextRun(run)
        }
        let sends = 0
        const fifthSend = run.send(
          'heard',
          async () => {
            sends += 1
            return 1
          },
          reach,
        )
        await expect(fifthSend).rejects.toMatchObject({ code: 'send-given-up' })
        expect(sends).toBe(0)
        expect(await duplicates(run)).toBe(1)
      })

      test('a message whose outcome is unknown is not sent again while Telegram is away, however often it is tried', async () => {
        let run = await begin(await beginJob(inbox()))
        await sendAndDie(run)
        const calls: string[] = []
        const sendAgain = (isAway: boolean) =>
          run.send(
            'heard',
            async () => {
              calls.push('send')
              return 7
            },
            async () => {
              calls.push('reach')
              if (isAway) throw new AppError('telegram-failed', '502')
            },
          )
        for (let tries = 1; tries <= 10; tries += 1) {
          run = await nextRun(run)
          await expect(sendAgain(true)).rejects.toMatchObject({ code: 'telegram-failed' })
        }
        run = await nextRun(run)
        expect(await sendAgain(false)).toBe(7)
        expect(calls).toEqual([...Array(11).fill('reach'), 'send'])
        expect(await duplicates(run)).toBe(1)
      })

      test('a chat that refuses the harmless call can be reached, and is asked once a run', async () => {
        let run = await begin(await beginJob(inbox()))
        for (const step of ['heard', 'voice']) await sendAndDie(run, step)
        run = await nextRun(run)
        let refusals = 0
        const refuse = async () => {
          refusals += 1
          throw new AppError('telegram-rejected', '400')
        }
        expect(await run.send('heard', async () => 1, refuse)).toBe(1)
        expect(await run.send('voice', async () => 2, refuse)).toBe(2)
        expect(refusals).toBe(1)
      })

      test('the sends of each step are counted on their own', async () => {
        const firstRun = await begin(await beginJob(inbox()))
        await sendAndDie(firstRun, 'heard')
        const secondRun = await nextRun(firstRun)
        await secondRun.send('heard', async () => 1, reach)
        await sendAndDie(secondRun, 'voice')
        const thirdRun = await nextRun(secondRun)
        await thirdRun.send('voice', async () => 2, reach)
        expect(await duplicates(thirdRun)).toBe(2)
      })

      const NOT_SENT: ErrorCode[] = [
        'telegram-bad-entities',
        'telegram-blocked',
        'telegram-rate-limited',
        'telegram-rejected',
        'telegram-unauthorized',
        'telegram-unreachable',
        'telegram-voice-forbidden',
      ]
      test.each(NOT_SENT)(
        'a message is sent again as often as %s says that nothing was sent, without a count',
        async (code) => {
          let run = await begin(await beginJob(inbox()))
          for (let times = 0; times < 3; times += 1) {
            const refusedSend = run.send(
              'voice',
              async () => {
                throw new AppError(code, 'no')
              },
              reach,
            )
            await expect(refusedSend).rejects.toMatchObject({ code })
            if (times === 1) run = await nextRun(run)
          }
          expect(await run.send('voice', async () => 9, reach)).toBe(9)
          expect(await duplicates(run)).toBe(0)
        },
      )

      test('a message whose arrival is unknown is sent once more, also in the same run', async () => {
        const run = await begin(await beginJob(inbox()))
        const lostSend = run.send(
          'voice',
          async () => {
            throw new AppError('telegram-failed', 'socket hang up')
          },
          reach,
        )
        await expect(lostSend).rejects.toMatchObject({ code: 'telegram-failed' })
        expect(await run.send('voice', async () => 9, reach)).toBe(9)
        expect(await duplicates(run)).toBe(1)
      })

      test('a run sends nothing where another run owns the job', async () => {
        const run = await begin(await beginJob(inbox()))
        await takeOver(database().db, inbox(), run.job)
        let sends = 0
        const lostSend = run.send(
          'voice',
          async () => {
            sends += 1
            return 1
          },
          reach,
        )
        await expect(lostSend).rejects.toMatchObject({ code: 'lease-lost' })
        expect(sends).toBe(0)
      })
    })

    describe('stores', () => {
      const unavailable = new AppError('database-unavailable', 'The database does not answer.')
      /** A journal that notes the entries of each statement; from the `firstFailure`th on they fail. */
      const notingJournal = (firstFailure = Number.POSITIVE_INFINITY) => {
        const statements: string[][] = []
        const write: Journal['write'] = async (fence, entries, charges) => {
          statements.push(entries.map(({ step, state }) => `${step} ${state}`))
          if (statements.length >= firstFailure) throw unavailable
          return journal().write(fence, entries, charges)
        }
        return { statements, write }
      }
      /** The same journal, whose statements each wait for their gate to be opened. */
      const heldJournal = () => {
        const { statements, write } = notingJournal()
        const gates: PromiseWithResolvers<void>[] = []
        return {
          statements,
          gates,
          write: async (...args: Parameters<Journal['write']>) => {
            const gate = Promise.withResolvers<void>()
            gates.push(gate)
            await gate.promise
            return write(...args)
          },
        }
      }

      test('a result is stored before a message is sent', async () => {
        const run = await begin(await beginJob(inbox()))
        await run.once('transcribe', async () => 'Ahoj')
        await run.once('reply', async () => 'Nazdar')
        const steps = async () =>
          (await journal().read(run.job.id)).map(({ step, state }) => `${step} ${state}`).sort()
        await run.send(
          'heard',
          async () => {
            expect(await steps()).toEqual(['heard started', 'reply done', 'transcribe done'])
            return 7
          },
          reach,
        )
        await run.settled()
        expect(await steps()).toEqual(['heard done', 'reply done', 'transcribe done'])
      })

      test('a result and the beginning of the send that shows it are stored by one statement', async () => {
        const { statements, write } = notingJournal()
        const run = await begin(await beginJob(inbox()), write)
        await run.once('transcribe', async () => 'Ahoj')
        await run.send('heard', async () => 7, reach)
        await run.settled()
        expect(statements).toEqual([['transcribe done', 'heard started'], ['heard done']])
      })

      test('a result is returned before it is stored: its caller goes on at once', async () => {
        const { statements, gates, write } = heldJournal()
        const run = await begin(await beginJob(inbox()), write)
        expect(await run.once('transcribe', async () => 'Ahoj')).toBe('Ahoj')
        expect(await run.once('transcribe', async () => 'again')).toBe('Ahoj')
        await vi.waitFor(() => expect(gates).toHaveLength(1))
        expect(statements).toEqual([])
        gates[0]?.resolve()
        await run.settled()
        expect(statements).toEqual([['transcribe done']])
      })

      test('entries that come while a statement is under way are stored together', async () => {
        const { statements, gates, write } = heldJournal()
        const run = await begin(await beginJob(inbox()), write)
        await run.once('transcribe', async () => 1)
        await vi.waitFor(() => expect(gates).toHaveLength(1))
        await run.once('reply', async () => 2)
        const verdictSend = run.send('verdict', async () => 3, reach)
        await run.once('speak:1', async () => 4)
        gates[0]?.resolve()
        await vi.waitFor(() => expect(gates).toHaveLength(2))
        gates[1]?.resolve()
        await verdictSend
        await vi.waitFor(() => expect(gates).toHaveLength(3))
        gates[2]?.resolve()
        await run.settled()
        expect(statements).toEqual([
          ['transcribe done'],
          ['reply done', 'verdict started', 'speak:1 done'],
          ['verdict done'],
        ])
      })

      test('a step is stored once in a statement, also where it is asked for twice at once', async () => {
        const { statements, write } = notingJournal()
        const run = await begin(await beginJob(inbox()), write)
        await Promise.all([1, 2].map((id) => run.send('voice', async () => id, reach)))
        await run.settled()
        expect(statements.map((steps) => steps.length)).toEqual([1, 1, 1, 1])
        expect(await journal().read(run.job.id)).toMatchObject([{ step: 'voice', sends: 2 }])
      })

      test('nothing follows what cannot be stored: no message, no paid step', async () => {
        const { write } = notingJournal(2)
        const run = await begin(await beginJob(inbox()), write)
        await run.once('transcribe', async () => 'Ahoj')
        await run.settled()
        await run.once('reply', async () => 'Nazdar')
        const doneSteps: string[] = []
        await expect(
          run.send('verdict', async () => doneSteps.push('verdict'), reach),
        ).rejects.toBe(unavailable)
        await expect(run.once('speak:1', async () => doneSteps.push('speak'))).rejects.toBe(
          unavailable,
        )
        await expect(run.once('transcribe', async () => 'again')).rejects.toBe(unavailable)
        await expect(run.send('voice', async () => doneSteps.push('voice'), reach)).rejects.toBe(
          unavailable,
        )
        await expect(run.settled()).rejects.toBe(unavailable)
        expect(doneSteps).toEqual([])
        expect(await journal().read(run.job.id)).toMatchObject([{ step: 'transcribe' }])
      })

      test('a result that is paid for while another one cannot be stored is not stored', async () => {
        const { write } = notingJournal(1)
        const run = await begin(await beginJob(inbox()), write)
        const reply = Promise.withResolvers<string>()
        const replyStep = run.once('reply', () => reply.promise)
        await run.once('transcribe', async () => 'Ahoj')
        await expect(run.settled()).rejects.toBe(unavailable)
        reply.resolve('Nazdar')
        await expect(replyStep).rejects.toBe(unavailable)
      })
    })
  },
  ['pglite'],
)
