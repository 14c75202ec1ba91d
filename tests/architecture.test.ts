import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, normalize, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import packageJson from '../package.json' with { type: 'json' }
import vercelJson from '../vercel.json' with { type: 'json' }

const root = resolve(import.meta.dirname, '..')

type Source = { path: string; text: string; code: string; imports: string[] }

const sources = globSync('{{api,db,scripts,tests/rigs}/**/*.ts,lib/**/*.{ts,tsx}}', { cwd: root })
  .filter((path) => !path.endsWith('.test.ts'))
  .map(sourceAt)

function sourceAt(path: string): Source {
  const text = readFileSync(join(root, path), 'utf8')
  return { path, text, code: withoutComments(text), imports: importsOf(text) }
}

/** Good enough for sources of this style: a `//` inside a string follows a colon or a quote. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')
}

/** What a source imports by name: statically, by re-export, as a type, or while it runs. */
function importsOf(text: string): string[] {
  const patterns = [
    /^(?:import|export)\b[^'"]*?\bfrom\s*['"]([^'"]+)['"]/gm,
    /^import\s*['"]([^'"]+)['"]/gm,
    /\bimport\(\s*['"]([^'"]+)['"]/g,
  ]
  return patterns.flatMap((pattern) => [...text.matchAll(pattern)].map(([, name]) => name ?? ''))
}

/** The folder that the rules speak of. */
function zoneOf(path: string): string {
  const [top = '', second = ''] = path.split('/')
  if (top === 'tests') return second
  return top === 'lib' ? second.replace(/\.ts$/, '') : top
}

/** The files of ours that a source imports, from the root. */
function ownImports({ path, imports }: Source): string[] {
  return imports
    .filter((name) => name.startsWith('.'))
    .map((name) => normalize(join(dirname(path), name)))
}

function packagesOf({ imports }: Source): string[] {
  return imports
    .filter((name) => !name.startsWith('.') && !name.startsWith('node:'))
    .map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/'))
}

function inZones(...zones: string[]): Source[] {
  return sources.filter(({ path }) => zones.includes(zoneOf(path)))
}

function pathsOf(files: Source[]): string[] {
  return files.map(({ path }) => path).sort()
}

/** What each folder may import. */
const ALLOWED: Record<string, string[]> = {
  domain: ['domain'],
  app: ['app', 'domain'],
  bot: ['bot', 'app', 'domain'],
  http: ['http', 'app', 'domain'],
  adapters: ['adapters', 'app', 'domain', 'db'],
  db: ['db'],
  config: ['config'],
  worker: ['config', 'db', 'adapters', 'bot', 'http', 'app', 'domain'],
  deps: ['deps', 'worker', 'config', 'db', 'adapters', 'bot', 'http', 'app', 'domain'],
  api: ['deps', 'config', 'http'],
  // The operator's page, in a browser.
  dashboard: ['dashboard', 'app'],
  scripts: ['scripts', 'deps', 'config', 'db', 'adapters', 'bot', 'http', 'app', 'domain'],
  rigs: ['rigs', 'scripts', 'deps', 'config', 'db', 'adapters', 'bot', 'http', 'app', 'domain'],
}

/**
 * What a folder of a layer may import of its neighbours there, besides what lies beside them. A feature is missing: it
 * meets another one only in `domain` and in the layer below.
 */
const NEIGHBOURS: Record<string, string[]> = {
  // The engine knows no lesson.
  'app/jobs': [],
  'app/alert': ['app/jobs'],
  'app/learner': ['app/jobs'],
  'app/aside': ['app/jobs', 'app/lesson'],
  'app/check': [],
  'app/dashboard': ['app/check', 'app/jobs'],
  'app/lesson': ['app/jobs', 'app/learner'],
  'app/memory': ['app/jobs', 'app/lesson'],
  'app/metrics': ['app/jobs'],
  'app/privacy': ['app/jobs'],
  'bot/alert': [],
  'bot/aside': ['bot/texts'],
  'bot/help': ['bot/texts'],
  'bot/lesson': ['bot/texts'],
  'bot/memory': ['bot/settings', 'bot/texts'],
  'bot/onboarding': ['bot/settings', 'bot/texts'],
  'bot/privacy': ['bot/texts'],
  'bot/settings': ['bot/texts'],
  'bot/texts': [],
  'http/dashboard': [],
  'http/learners': [],
  'http/lesson': [],
  'http/metrics': [],
  'http/webhook': [],
  'adapters/audio': [],
  'adapters/openai': ['adapters/audio'],
  'adapters/postgres': [],
  'adapters/redis': [],
  'adapters/telegram': [],
  'domain/alert': [],
  'domain/diff': [],
  'domain/learner': [],
  'domain/lesson': ['domain/diff', 'domain/learner'],
  'domain/memory': ['domain/diff', 'domain/lesson'],
  'domain/metrics': [],
  'domain/privacy': [],
  'domain/prompts': ['domain/learner'],
}

/** The folder of a feature or a neighbour inside a layer, such as `app/jobs`; undefined beside all of them. */
function roomOf(path: string): string | undefined {
  const [top, layer, room, file] = path.split('/')
  return top === 'lib' && file !== undefined ? `${layer}/${room}` : undefined
}

/** The circles that imports make: each is a list of files that lead back to its first. */
function circles(): string[][] {
  const importsAt = new Map(sources.map((source) => [source.path, ownImports(source)]))
  const cycles: string[][] = []
  const finishedFiles = new Set<string>()
  function visit(path: string, trail: string[]): void {
    if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path])
    else if (!finishedFiles.has(path)) {
      for (const next of importsAt.get(path) ?? []) visit(next, [...trail, path])
      finishedFiles.add(path)
    }
  }
  for (const { path } of sources) visit(path, [])
  return cycles
}

describe('imports', () => {
  test('an import is found in each of its forms', () => {
    const text = [
      "import a from './a.ts'",
      "import type { B } from './b.ts'",
      "import {\n  c,\n  type D,\n} from './c.ts'",
      "import './d.ts'",
      "export { e } from './e.ts'",
      "const f = await import('./f.ts')",
      "type G = import('./g.ts').G",
      "const h = 'import x from ./h.ts'",
    ].join('\n')
    expect(importsOf(text).sort()).toEqual(
      ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `./${name}.ts`),
    )
    expect(sources.length).toBeGreaterThan(80)
    expect(sources.flatMap(ownImports).length).toBeGreaterThan(200)
  })

  test('imports point one way, from the edges to the domain', () => {
    const offences = sources.flatMap((source) =>
      ownImports(source)
        .filter((path) => !ALLOWED[zoneOf(source.path)]?.includes(zoneOf(path)))
        .map((path) => `${source.path} -> ${path}`),
    )
    expect(offences).toEqual([])
  })

  test('a provider’s client is used by nothing but what charges each call', () => {
    const folder = 'lib/adapters/openai'
    const using = sources.filter(
      ({ path, code }) => path.startsWith('lib/') && /\bopenaiClient\b/.test(code),
    )
    expect(pathsOf(using)).toEqual([`${folder}/client.ts`, `${folder}/paid-call.ts`])
    const opening = sources.filter(({ code }) => /\bopenRealtime\b|\bsession\.say\b/.test(code))
    expect(pathsOf(opening)).toEqual(
      ['realtime-session', 'realtime', 'session-pool']
        .map((name) => `${folder}/speech/${name}.ts`)
        .sort(),
    )
  })

  test('what runs in a browser takes types alone from the rest, and is imported by nothing', () => {
    const pages = inZones('dashboard')
    expect(pages.length).toBeGreaterThan(10)
    const values = pages.filter(({ code }) => /^import (?!type\b)[^'"]*?\bfrom '\.\.\//m.test(code))
    expect(pathsOf(values)).toEqual([])
  })

  test('imports make no circle', () => {
    expect(circles()).toEqual([])
  })

  test('a feature imports no other feature of its layer', () => {
    const inRooms = sources.filter(({ path }) => roomOf(path) !== undefined)
    const rooms = new Set(inRooms.map(({ path }) => roomOf(path)))
    expect([...rooms].sort()).toEqual(Object.keys(NEIGHBOURS).sort())
    const offences = inRooms.flatMap((source) => {
      const room = roomOf(source.path) ?? ''
      return ownImports(source)
        .filter((path) => {
          const otherRoom = roomOf(path)
          const isNeighbour = otherRoom !== undefined && zoneOf(path) === zoneOf(source.path)
          return isNeighbour && otherRoom !== room && !NEIGHBOURS[room]?.includes(otherRoom)
        })
        .map((path) => `${source.path} -> ${path}`)
    })
    expect(offences).toEqual([])
  })

  test('rigs import the stand-ins and what commands share, never a command', () => {
    const offences = inZones('rigs').flatMap((source) =>
      ownImports(source)
        .filter((path) => /^scripts\/[^/]+$/.test(path))
        .map((path) => `${source.path} -> ${path}`),
    )
    expect(offences).toEqual([])
  })

  test('relative imports name files that exist, with their ending', () => {
    const offences = sources.flatMap((source) =>
      ownImports(source)
        .filter((path) => !/\.(tsx?|json)$/.test(path) || !existsSync(join(root, path)))
        .map((path) => `${source.path} -> ${path}`),
    )
    expect(offences).toEqual([])
  })

  test('an import is computed in one place only: where the functions are routed', () => {
    const computedImports = sources.filter(({ code }) => /\bimport\((?!\s*['"])/.test(code))
    expect(pathsOf(computedImports)).toEqual(['scripts/cli/routes.ts'])
  })

  test('what is deployed imports no development dependency', () => {
    const deployedSources = sources.filter(({ path }) => /^(api|lib|db)\//.test(path))
    const usedPackages = new Set(deployedSources.flatMap(packagesOf))
    const undeclaredPackages = [...usedPackages].filter(
      (name) => !Object.hasOwn(packageJson.dependencies, name),
    )
    expect(undeclaredPackages).toEqual([])
  })

  test('a migration imports nothing of ours, because it is frozen', () => {
    const migrations = sources.filter(({ path }) => path.startsWith('db/migrations/'))
    expect(migrations).not.toEqual([])
    expect(
      migrations.flatMap(({ imports }) => imports).filter((name) => name !== 'kysely'),
    ).toEqual([])
  })
})

describe('the domain', () => {
  test('the domain imports no package and nothing of Node', () => {
    const foreignImports = inZones('domain').flatMap(({ path, imports }) =>
      imports.filter((name) => !name.startsWith('.')).map((name) => `${path} -> ${name}`),
    )
    expect(foreignImports).toEqual([])
  })

  test('the domain has no clock, no chance, no waiting and no I/O', () => {
    const impure =
      /Date\.now|new Date\(\s*\)|Math\.random|performance\.now|\bprocess\.|\bfetch\(|\bsetTimeout|\bsetInterval|\basync\b|\bawait\b|\bconsole\.|\bcrypto\./
    expect(pathsOf(inZones('domain').filter(({ code }) => impure.test(code)))).toEqual([])
  })
})

test('use-cases and edges are given the clock and chance', () => {
  const impure = /Date\.now|new Date\(\s*\)|Math\.random/
  const impureFiles = inZones('app', 'bot', 'http').filter(({ code }) => impure.test(code))
  expect(pathsOf(impureFiles)).toEqual([])
})

test('the environment is read by the composition root, scripts and rigs only', () => {
  const readers = sources.filter(({ code }) => /\bprocess\s*\.\s*env\b/.test(code))
  const otherReaders = readers.filter(
    ({ path }) => path !== 'lib/deps.ts' && !['scripts', 'rigs'].includes(zoneOf(path)),
  )
  expect(pathsOf(otherReaders)).toEqual([])
})

test('lib has fewer than four catches per thousand lines', () => {
  const ownSources = sources.filter(({ path }) => path.startsWith('lib/'))
  const catches = ownSources.flatMap(({ code }) => code.match(/\bcatch\b/g) ?? [])
  const lines = ownSources.reduce((sum, { text }) => sum + text.split('\n').length, 0)
  expect(catches.length).toBeGreaterThan(0)
  expect((catches.length * 1_000) / lines).toBeLessThan(4)
})

describe('the functions', () => {
  const functions = inZones('api')

  test('the functions are at most twelve, each under 25 lines', () => {
    expect(functions.length).toBeLessThanOrEqual(12)
    const longFiles = functions.filter(({ text }) => text.trimEnd().split('\n').length >= 25)
    expect(pathsOf(longFiles)).toEqual([])
  })

  test('each function has a time limit, and every rewrite leads to a function', () => {
    expect(Object.keys(vercelJson.functions).sort()).toEqual(pathsOf(functions))
    for (const { destination } of vercelJson.rewrites) {
      expect(pathsOf(functions)).toContain(`${destination.slice(1)}.ts`)
    }
    for (const path of ['api/telegram.ts', 'api/v1/lessons/process.ts'] as const) {
      expect(vercelJson.functions[path].maxDuration).toBe(120)
    }
  })

  test('each cron entry calls a function that exists', () => {
    for (const { path } of vercelJson.crons) {
      expect(pathsOf(functions)).toContain(`${path.slice(1)}.ts`)
    }
  })
})

test('each script beside the folders is a command that npm runs, or Vercel', () => {
  const commands = Object.values(packageJson.scripts).join('\n')
  const otherScripts = globSync('scripts/*.ts', { cwd: root }).filter(
    (path) => !commands.includes(path),
  )
  expect(otherScripts).toEqual([])
})

describe('files', () => {
  const paths = globSync('{api,lib,db,scripts,tests}/**/*.{ts,tsx}', { cwd: root })

  test('a file is named by its subject', () => {
    const vague =
      /^(utils?|helpers?|common|types?|misc|index|shared)\b|-(service|manager|utils?|helpers?)\b/
    expect(paths.filter((path) => vague.test(basename(path)))).toEqual([])
  })

  test('a file name is in kebab-case', () => {
    const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.test|\.d)?\.tsx?$/
    expect(paths.filter((path) => !kebab.test(basename(path)))).toEqual([])
  })

  test('the top level has the folders and files of the layout, and no others', () => {
    const layout = {
      folders: ['.ci', '.github', 'api', 'db', 'lib', 'public', 'scripts', 'tests'],
      files: [
        '.env.example',
        '.gitignore',
        '.npmrc',
        'LICENSE',
        'README.md',
        'biome.json',
        'package-lock.json',
        'package.json',
        'tsconfig.json',
        'vercel.json',
        'vitest.config.ts',
      ],
      /** What git does not know. */
      ignored: ['.data', '.git', '.vercel', 'coverage', 'node_modules'],
    }
    const knownPaths = [...layout.folders, ...layout.files, ...layout.ignored]
    const rootNames = readdirSync(root, { withFileTypes: true })
      .filter((entry) => !(entry.isDirectory() && readdirSync(join(root, entry.name)).length === 0))
      .map(({ name }) => name)
      .filter((name) => !/^\.env(\..*)?$|\.log$/.test(name) || name === '.env.example')
    expect(rootNames.filter((name) => !knownPaths.includes(name))).toEqual([])
    // Without it the platform serves the sources.
    expect(rootNames).toContain('public')
  })
})
