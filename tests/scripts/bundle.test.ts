import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { isBuiltin } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundle } from '../../scripts/bundle.ts'

const root = resolve(import.meta.dirname, '../..')
const stale = 'lib/chunks/stale.js'

let target: string
let files: string[]
beforeAll(async () => {
  target = mkdtempSync(join(tmpdir(), 'mluv-me-bundle-'))
  mkdirSync(join(target, 'lib/chunks'), { recursive: true })
  writeFileSync(join(target, stale), '')
  files = await bundle(root, target)
})
afterAll(() => rmSync(target, { recursive: true, force: true }))

function bundled(path: string): string {
  return readFileSync(join(target, path), 'utf8')
}

/** What a bundled file imports as it is loaded or later. */
function importsOf(path: string): string[] {
  const imports = bundled(path).matchAll(
    /^(?:import|export)\b.*?\bfrom "(.+)";$|\bimport\("(.+?)"\)/gm,
  )
  return [...imports].map(([, name, lazy]) => name ?? lazy ?? '')
}

test('whatever a function imports is bundled under its own name', () => {
  const functions = globSync('api/**/*.ts', { cwd: root })
  const imported = functions.flatMap((path) =>
    [...readFileSync(join(root, path), 'utf8').matchAll(/ from '(.+)\.ts'$/gm)].map(([, name]) =>
      join(path, '..', `${name}.js`),
    ),
  )
  expect(imported).toContain('lib/deps.js')
  for (const path of imported) expect(files).toContain(path)
})

test('git ignores all that is written, and nothing is left of an earlier bundle', () => {
  const ignored = readFileSync(join(root, '.gitignore'), 'utf8').split('\n')
  expect(ignored).toEqual(expect.arrayContaining(['lib/**/*.js', 'lib/**/*.js.map']))
  expect(files.filter((path) => !/^lib\/.+\.js(\.map)?$/.test(path))).toEqual([])
  expect(globSync('**/*.*', { cwd: target }).sort()).toEqual(files.toSorted())
  expect(existsSync(join(target, stale))).toBe(false)
})

test('no package is left to be looked up but PGlite, which reads files of its own', () => {
  const names = files.filter((path) => path.endsWith('.js')).flatMap(importsOf)
  const packages = names.filter((name) => !name.startsWith('.') && !isBuiltin(name))
  expect([...new Set(packages)]).toEqual(['@electric-sql/pglite'])
})

test('the worker thread that reads audio loads nothing before it has to', () => {
  const itself = 'new Worker(new URL(import.meta.url)'
  const [worker = '', ...others] = files.filter(
    (path) => path.endsWith('.js') && bundled(path).includes(itself),
  )
  expect([worker, others]).toEqual([expect.stringContaining('container'), []])
  const atOnce = [...bundled(worker).matchAll(/^import .*from "(.+)";$/gm)].map(([, name]) => name)
  expect(atOnce.filter((name) => !isBuiltin(name ?? ''))).toEqual([])
})

test('a stack trace can name our sources', () => {
  const { sources } = JSON.parse(bundled('lib/deps.js.map')) as { sources: string[] }
  expect(sources.map((path) => resolve(target, 'lib', path))).toContain(join(root, 'lib/deps.ts'))
})
