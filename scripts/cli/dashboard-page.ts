import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'

/** A file of the dashboard's page, by its name below `/dashboard/`. */
export type PageFile = { name: string; type: string; bytes: Uint8Array<ArrayBuffer> }

/** The page's address; that of its files begin with it. */
export const PAGE_PATH = '/dashboard'

const SOURCES = 'lib/dashboard'
/** Its rules go before ours. */
const CHART_STYLES = 'node_modules/uplot/dist/uPlot.min.css'

/** Makes the files of the dashboard's page from its sources below `root`. */
export async function dashboardPage(root: string): Promise<PageFile[]> {
  const textOf = (path: string) => readFileSync(join(root, path), 'utf8')
  return [
    fileOf('index.html', 'text/html', textOf(`${SOURCES}/index.html`)),
    fileOf('icon.svg', 'image/svg+xml', textOf(`${SOURCES}/icon.svg`)),
    fileOf(
      'dashboard.css',
      'text/css',
      `${textOf(CHART_STYLES)}\n${textOf(`${SOURCES}/dashboard.css`)}`,
    ),
    fileOf('dashboard.js', 'text/javascript', await scriptOf(root)),
  ]
}

function fileOf(name: string, type: string, text: string): PageFile {
  return { name, type: `${type}; charset=utf-8`, bytes: new TextEncoder().encode(text) }
}

async function scriptOf(root: string): Promise<string> {
  const build = await rolldown({
    cwd: root,
    platform: 'browser',
    input: join(root, SOURCES, 'main.tsx'),
  })
  try {
    const { output } = await build.generate({ format: 'esm', minify: true })
    const [script] = output
    return script.code
  } finally {
    await build.close()
  }
}
