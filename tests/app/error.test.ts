import { expect, test } from 'vitest'
import { AppError, recover } from '../../lib/app/error.ts'

const blockedError = new AppError('telegram-blocked', 'no')

test('work that fails with one of the codes gives way to what is done instead', async () => {
  const codes = ['telegram-rejected', 'telegram-blocked'] as const
  expect(await recover(Promise.reject(blockedError), codes, ({ code }) => code)).toBe(
    'telegram-blocked',
  )
})

test('work that succeeds is not replaced', async () => {
  expect(await recover(Promise.resolve('done'), ['telegram-blocked'], () => 'instead')).toBe('done')
})

test.each([blockedError, new Error('telegram-rejected'), 'telegram-rejected'])(
  'any other failure than those named by code passes as it is: %s',
  async (error) => {
    const outcome = recover(Promise.reject(error), ['telegram-rejected'], () => 'instead')
    await expect(outcome).rejects.toBe(error)
  },
)

test('a failure of what is done instead is thrown', async () => {
  const failure = new Error('instead')
  const outcome = recover(Promise.reject(blockedError), ['telegram-blocked'], () => {
    throw failure
  })
  await expect(outcome).rejects.toBe(failure)
})
