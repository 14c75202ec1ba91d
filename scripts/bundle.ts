import { globSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { rolldown } from 'rolldown'

/**
 * `npm run vercel-build`, its first half: bundles what the functions import, so that a new instance loads tens
 * of files where it would load hundreds.
 *
 * Writes `lib/deps.js` beside `lib/deps.ts`, and so on. When `vercel build` follows the imports of `api/*.ts`,
 * `../lib/deps.ts` has become `../lib/deps.js`: it takes the file of that name where there is one, and compiles
 * the source where there is none. Nobody else reads what is written: our own imports end in `.ts`. Git ignores it.
 */

/** Reads files that lie beside it. */
const EXTERNAL = ['@electric-sql/pglite']
/** Is run by a worker thread, too, which is to load nothing else. */
const WORKERS = ['lib/adapters/audio/container.ts']
/**
 * What node-fetch, in telegraf, would take for a Node without `URL`. It asks Node for `punycode`, and from outside
 * of node_modules that is a warning at every start.
 */
const ALIASES = { 'whatwg-url': 'node:url' }
const WRITTEN = 'lib/**/*.js{,.map}'

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
      // For stack traces: they name files and lines of ours, whose text they do not need.
      sourcemap: true,
      sourcemapExcludeSources: true,
    })
    const written = output.map(({ fileName }) => fileName)
    removeAllBut(written, target)
    return written
  } finally {
    await build.close()
  }
}

/**
 * What an earlier bundle has left is removed last: `vercel build` runs this once for each function, and may be reading
 * for another one.
 */
function removeAllBut(written: readonly string[], target: string): void {
  const found = globSync(WRITTEN, { cwd: target })
  for (const path of found.filter((path) => !written.includes(path))) rmSync(join(target, path))
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
  const files = await bundle(resolve(import.meta.dirname, '..'))
  console.log(
    `The functions are bundled: ${files.filter((path) => path.endsWith('.js')).length} files.`,
  )
}
