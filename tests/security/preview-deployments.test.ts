import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { VERCEL_BUILD } from '../../scripts/vercel-build.ts'
import { typeCommand } from '../support/terminal.ts'

const root = resolve(import.meta.dirname, '../..')

/** Our sources that have a word in them. */
function withWord(word: RegExp): string[] {
  return globSync('{api,lib,db,scripts,.ci}/**/*', { cwd: root })
    .filter((path) => /\.(ts|mjs)$|^\.ci\/[\w-]+$/.test(path))
    .filter((path) => word.test(readFileSync(join(root, path), 'utf8')))
    .sort()
}

test('only the operator’s own command changes a webhook: no build, start or preview does', () => {
  const filesThatChange = withWord(/\b(set|delete)Webhook'/)
  expect(filesThatChange).toEqual(['scripts/webhook.ts'])
  expect(withWord(/scripts\/webhook|webhook\.ts'/)).not.toContain('scripts/vercel-build.ts')
})

test.each(['preview', 'development', ''])(
  'the build of a deployment that is %j touches no database',
  async (VERCEL_ENV) => {
    const env = { VERCEL_ENV, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' }
    const { code, stdout, stderr } = await typeCommand(VERCEL_BUILD, '', env)
    expect([code, stderr]).toEqual([0, []])
    expect(stdout.join()).toMatch(/no migrations to run/)
  },
)
