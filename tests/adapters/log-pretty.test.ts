import { expect, test } from 'vitest'
import { prettyLine } from '../../lib/adapters/log-pretty.ts'

test('a pretty line has its time, level and event first, then its fields, on one line', () => {
  const line = JSON.stringify({
    level: 'warn',
    time: '2026-11-28T12:01:02.345Z',
    job_id: 7,
    lane: 'chat:1',
    error: { name: 'Error', stack: 'Error: a\n  at b' },
    because: 'two words',
    event: 'job_dead',
  })
  expect(prettyLine(`${line}\n`)).toBe(
    '12:01:02.345 WARN  job_dead job_id=7 lane=chat:1 error={"name":"Error","stack":"Error: a\\n  at b"} because="two words"\n',
  )
})

test('what is no line of the log is printed as it is', () => {
  expect(prettyLine('listening on http://localhost:8000\n')).toBe(
    'listening on http://localhost:8000\n',
  )
})
