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
import { bundle, bundlePage } from '../../scripts/bundle.ts'

const root = resolve(import.meta.dirname, '../..')
const stalePath = 'lib/chunks/stale.js'

let target: string
let files: string[]
beforeAll(async () => {
  target = mkdtempSync(join(tmpdir(), 'mluv-me-bundle-'))
  mkdirSync(join(target, 'lib/chunks'), { recursive: true })
  writeFileSync(join(target, stalePath), '')
  files = await bundle(root, target)
})
afterAll(() => rmSync(target, { recursive: true, force: true }))

function bundledText(path: string): string {
  return readFileSync(join(target, path), 'utf8')
}

/** What a bundled file imports as it is loaded or later. */
function importsOf(path: string): string[] {
  const imports = bundledText(path).matchAll(
    /^(?:import|export)\b.*?\bfrom "(.+)";$|\bimport\("(.+?)"\)/gm,
  )
  return [...imports].map(([, name, lazy]) => name ?? lazy ?? '')
}

test('every source that a function imports is bundled under its own name', () => {
  const functions = globSync('api/**/*.ts', { cwd: root })
  const importedFiles = functions.flatMap((path) =>
    [...readFileSync(join(root, path), 'utf8').matchAll(/ from '(.+)\.ts'$/gm)].map(([, name]) =>
      join(path, '..', `${name}.js`),
    ),
  )
  expect(importedFiles).toContain('lib/deps.js')
  for (const path of importedFiles) expect(files).toContain(path)
})

test('git ignores every bundled file, and no file of an earlier bundle is left', () => {
  const ignoredPatterns = readFileSync(join(root, '.gitignore'), 'utf8').split('\n')
  expect(ignoredPatterns).toEqual(expect.arrayContaining(['lib/**/*.js', 'lib/**/*.js.map']))
  expect(files.filter((path) => !/^lib\/.+\.js(\.map)?$/.test(path))).toEqual([])
  expect(globSync('**/*.*', { cwd: target }).sort()).toEqual(files.toSorted())
  expect(existsSync(join(target, stalePath))).toBe(false)
})

test('no function holds anything of scripts/, the studio and its page among it', () => {
  const maps = files.filter((path) => path.endsWith('.js.map'))
  const sources = maps.flatMap((path) => JSON.parse(bundledText(path)).sources as string[])
  expect(sources.some((path) => path.endsWith('lib/deps.ts'))).toBe(true)
  const ownSources = sources.filter((path) => !path.includes('node_modules/'))
  expect(ownSources.filter((path) => /(^|\/)scripts\//.test(path))).toEqual([])
})

test('the bundle imports no package but PGlite, which reads files of its own', () => {
  const names = files.filter((path) => path.endsWith('.js')).flatMap(importsOf)
  const packages = names.filter((name) => !name.startsWith('.') && !isBuiltin(name))
  expect([...new Set(packages)]).toEqual(['@electric-sql/pglite'])
})

test('the bundled worker thread that reads audio loads nothing before it must', () => {
  const itself = 'new Worker(new URL(import.meta.url)'
  const [worker = '', ...otherFiles] = files.filter(
    (path) => path.endsWith('.js') && bundledText(path).includes(itself),
  )
  expect([worker, otherFiles]).toEqual([expect.stringContaining('container'), []])
  const atOnce = [...bundledText(worker).matchAll(/^import .*from "(.+)";$/gm)].map(
    ([, name]) => name,
  )
  expect(atOnce.filter((name) => !isBuiltin(name ?? ''))).toEqual([])
})

/** The sources that are loaded with a bundled file, at once: its own, and those of what it imports. */
function sourcesLoadedWith(path: string, seen = new Set<string>()): string[] {
  if (seen.has(path)) return []
  seen.add(path)
  // The bundler's own runtime has no sources.
  const map = existsSync(join(target, `${path}.map`))
    ? bundledText(`${path}.map`)
    : '{"sources":[]}'
  const { sources } = JSON.parse(map) as { sources: string[] }
  const imports = [...bundledText(path).matchAll(/^(?:import|export)\b.*?"(\..+)";$/gm)]
  return [
    ...sources.map((source) => resolve(target, path, '..', source)),
    ...imports.flatMap(([, name = '']) => sourcesLoadedWith(join(path, '..', name), seen)),
  ]
}

test('what is loaded at a cold start has no codec of sound, no reader of files, no client of Redis, and nothing of what vendors refuse', () => {
  const lazyParts =
    /node_modules\/(mediabunny|libopus-wasm|mpg123-decoder|@wasm-audio-decoders|ogg-opus-decoder|openai|redis|@redis)\/|lib\/adapters\/audio\/|lib\/adapters\/openai\/(lowering|error-body|refusal|reason-words|speech\/rest)\.ts/
  const sourcesLoaded = sourcesLoadedWith('lib/deps.js')
  expect(sourcesLoaded.filter((source) => lazyParts.test(source))).toEqual([])
  expect(sourcesLoaded.some((source) => source.endsWith('lib/deps.ts'))).toBe(true)
})

test('a stack trace of the bundle can name our sources', () => {
  const { sources } = JSON.parse(bundledText('lib/deps.js.map')) as { sources: string[] }
  expect(sources.map((path) => resolve(target, 'lib', path))).toContain(join(root, 'lib/deps.ts'))
})

test('the dashboard’s page is bundled into public/, which git ignores, and loads nothing else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mluv-me-page-'))
  try {
    const names = await bundlePage(root, folder)
    expect(names.toSorted()).toEqual(['dashboard.css', 'dashboard.js', 'icon.svg', 'index.html'])
    const text = (name: string) => readFileSync(join(folder, 'public/dashboard', name), 'utf8')
    const referredFiles = [...text('index.html').matchAll(/(?:href|src)="(.+?)"/g)].map(
      ([, path = '']) => path.replace('/dashboard/', ''),
    )
    expect(referredFiles.toSorted()).toEqual(names.filter((name) => name !== 'index.html').sort())
    expect(text('dashboard.js')).not.toMatch(/^\s*import\b|\bimport\(/m)
    expect(text('dashboard.css')).not.toMatch(/@import|url\(/)
    expect(readFileSync(join(root, '.gitignore'), 'utf8').split('\n')).toContain(
      'public/dashboard/',
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('what is loaded at a cold start has nothing of the dashboard', () => {
  const sourcesLoaded = sourcesLoadedWith('lib/deps.js')
  const lazyParts = /lib\/(app|adapters|http)\/(postgres\/)?(dashboard|check|job-records|period)/
  expect(sourcesLoaded.filter((source) => lazyParts.test(source.replace(root, '')))).toEqual([])
})
