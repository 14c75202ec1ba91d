import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { rolldown } from 'rolldown'
import { dashboardPage, PAGE_PATH } from './cli/dashboard-page.ts'

/**
 * The first half of `npm run vercel-build`: bundles the sources that the functions import, so that a new instance
 * loads tens of files instead of hundreds; and those of the dashboard's page, which a browser loads.
 *
 * Writes `lib/deps.js` beside `lib/deps.ts`, and so on. When `vercel build` follows the imports of `api/*.ts`,
 * `../lib/deps.ts` has become `../lib/deps.js`: it takes the file of that name where there is one, and compiles
 * the source where there is none. No other program reads the bundle: our own imports end in `.ts`. Git ignores it.
 */

/** PGlite reads files that lie beside its code. */
const EXTERNAL = ['@electric-sql/pglite']
/** Also an entry of its own for a worker thread, which must load nothing else. */
const WORKERS = ['lib/adapters/audio/container.ts']
/**
 * node-fetch, in telegraf, uses this package for a Node without `URL`. It imports Node's `punycode`, which outside
 * of node_modules is a warning at every start. Redis' client loads an optional package for `digest`, which we never call.
 */
const ALIASES = { 'whatwg-url': 'node:url', '@node-rs/xxhash': 'node:crypto' }
const BUNDLED_FILES = 'lib/**/*.js{,.map}'

/** Bundles the sources in `root` into the same folders under `target`; the paths of the files written. */
export async function bundle(root: string, target = root): Promise<string[]> {
  const entries = [...importedByFunctions(root), ...WORKERS]
  const build = await rolldown({
    cwd: root,
    platform: 'node',
    input: Object.fromEntries(
      entries.map((path) => [path.replace(/\.ts$/, ''), resolve(root, path)]),
    ),
    external: EXTERNAL,
    resolve: { alias: ALIASES },
  })
  try {
    const { output } = await build.write({
      dir: target,
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: 'lib/chunks/[name]-[hash].js',
      // Stack traces need our files' names and lines, but not their text.
      sourcemap: true,
      sourcemapExcludeSources: true,
    })
    const files = output.map(({ fileName }) => fileName)
    removeAllBut(files, target)
    return files
  } finally {
    await build.close()
  }
}

/**
 * Removes the files of an earlier bundle, and last: `vercel build` runs this once for each function, and may be
 * reading them for another one.
 */
function removeAllBut(files: readonly string[], target: string): void {
  const staleFiles = globSync(BUNDLED_FILES, { cwd: target }).filter(
    (path) => !files.includes(path),
  )
  for (const path of staleFiles) rmSync(join(target, path))
}

/** Writes the dashboard's page to where Vercel serves files from; the names of its files. */
export async function bundlePage(root: string, target = root): Promise<string[]> {
  const files = await dashboardPage(root)
  const folder = join(target, 'public', PAGE_PATH)
  mkdirSync(folder, { recursive: true })
  for (const { name, bytes } of files) writeFileSync(join(folder, name), bytes)
  return files.map(({ name }) => name)
}

/** The sources that a function imports by name, from the root. */
function importedByFunctions(root: string): Set<string> {
  const functions = globSync('api/**/*.ts', { cwd: root })
  return new Set(
    functions.flatMap((path) => {
      const imports = readFileSync(join(root, path), 'utf8').matchAll(
        /\bfrom '\S*?(lib\/\S+\.ts)'/g,
      )
      return [...imports].map(([, source = '']) => source)
    }),
  )
}

if (import.meta.main) {
  const root = resolve(import.meta.dirname, '..')
  const [files, page] = await Promise.all([bundle(root), bundlePage(root)])
  const scripts = files.filter((path) => path.endsWith('.js'))
  console.log(
    `The functions are bundled: ${scripts.length} files. The dashboard: ${page.length} files.`,
  )
}
