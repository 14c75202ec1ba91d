import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import packageLock from '../../package-lock.json' with { type: 'json' }

const root = resolve(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

type Installed = {
  version?: string
  resolved?: string
  integrity?: string
  link?: boolean
  hasInstallScript?: boolean
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}
const { '': _ours, ...lockedPackages } = packageLock.packages as Record<string, Installed>
const packages = Object.entries(lockedPackages)

describe('what is installed', () => {
  test('the lock file has the sha512 of every package', () => {
    expect(packages.length).toBeGreaterThan(100)
    const loose = packages.filter(([, { integrity }]) => !/^sha512-[\w+/=]+$/.test(integrity ?? ''))
    expect(loose).toEqual([])
  })

  test('every package comes from the registry: no repository, no address, no folder', () => {
    const strange = packages.filter(
      ([, { resolved, link, version }]) =>
        link === true ||
        (resolved !== undefined && !resolved.startsWith('https://registry.npmjs.org/')) ||
        !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version ?? ''),
    )
    expect(strange).toEqual([])
  })

  test('the lock file has every package that one of its packages may need, without which npm ci refuses it', () => {
    const names = new Set(packages.map(([path]) => path.replace(/^.*node_modules\//, '')))
    const missingPackages = packages.flatMap(([path, { dependencies, optionalDependencies }]) =>
      Object.keys({ ...dependencies, ...optionalDependencies })
        .filter((name) => !names.has(name))
        .map((name) => `${path} needs ${name}`),
    )
    expect(missingPackages).toEqual([])
  })

  test('every dependency has its exact version', () => {
    const { dependencies, devDependencies } = packageJson
    const dependencyVersions = Object.entries({ ...dependencies, ...devDependencies })
    expect(dependencyVersions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([])
    for (const [name, version] of dependencyVersions) {
      expect([name, lockedPackages[`node_modules/${name}`]?.version]).toEqual([name, version])
    }
  })

  test('every install script has a decision, and only the package that brings Node may run one', () => {
    const installScripts = packages
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => path.replace(/^.*node_modules\//, ''))
    const decisions: Record<string, boolean> = packageJson.allowScripts
    expect(installScripts.filter((name) => !Object.hasOwn(decisions, name))).toEqual([])
    expect(Object.keys(decisions).filter((name) => decisions[name])).toEqual(['node'])
  })

  test('our own package has no install script', () => {
    const hooks = /^(pre|post)|^(install|prepare|prepublish|prepack|dependencies)/
    expect(Object.keys(packageJson.scripts).filter((name) => hooks.test(name))).toEqual([])
  })
})

/** Frozen or sunset: to be replaced one day, so known to one place each. */
const BEHIND_A_PORT: Record<string, RegExp> = {
  telegraf: /^lib\/bot\//,
  '@vercel/postgres': /^db\/vercel-postgres\.ts$/,
  '@neondatabase/serverless': /^db\/vercel-postgres\.ts$/,
}

test.each(Object.entries(BEHIND_A_PORT))(
  '%s is imported in one place of the deployed sources',
  (name, place) => {
    const importers = globSync('{api,lib,db}/**/*.ts', { cwd: root }).filter((path) =>
      new RegExp(`(from|import\\()\\s*['"]${name}(/[\\w-]+)?['"]`).test(read(path)),
    )
    expect(importers.filter((path) => !place.test(path))).toEqual([])
  },
)

describe('the workflow', () => {
  const files = globSync('.github/workflows/*', { cwd: root })
  const workflows = files.map(read).join('\n')

  test('the workflow audits the deployed packages even when another step has failed', () => {
    const audit = /- name: .*\n\s+if: always\(\)\n\s+run: npm audit --omit=dev --audit-level=high/
    expect(workflows).toMatch(audit)
  })

  test('the workflow may read the code and nothing more, and has no secrets', () => {
    expect(files).toEqual(['.github/workflows/ci.yml'])
    expect(workflows).toMatch(/^permissions:\n {2}contents: read\n/m)
    expect(workflows).not.toMatch(/\$\{\{\s*secrets|pull_request_target|write-all|: write\b/)
  })

  test('the workflow uses GitHub’s own actions only', () => {
    const actions = [...workflows.matchAll(/uses: (\S+)/g)].map(([, action]) => action)
    expect(actions.length).toBeGreaterThan(0)
    for (const action of actions) expect(action).toMatch(/^actions\/[\w-]+@v\d+$/)
  })
})
