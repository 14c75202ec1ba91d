import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { resolve } from 'node:path'
import { memoise } from '../../lib/app/memoise.ts'

type Fetch = (request: Request) => Response | Promise<Response>

const root = resolve(import.meta.dirname, '../..')

/**
 * The functions, and the files of public/ as the platform serves them: `/` is index.html. The dashboard's page is made
 * when it is asked for first.
 */
export async function serverRoutes(): Promise<Fetch> {
  const route = await functionRoutes()
  const index = readFileSync(resolve(root, 'public/index.html'))
  const dashboard = memoise(async () => {
    const { dashboardPage } = await import('./dashboard-page.ts')
    return dashboardPage(root)
  })
  const headersAt = headersByPath()
  return async (request) => {
    const { pathname } = new URL(request.url)
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    if (!isRead) return route(request)
    if (/^\/(index\.html)?$/.test(pathname)) {
      return pageOf({ type: HTML, bytes: new Uint8Array(index) }, headersAt(pathname))
    }
    const name = dashboardFileAt(pathname)
    const file = name && (await dashboard()).find((page) => page.name === name)
    return file ? pageOf(file, headersAt(pathname)) : route(request)
  }
}

const HTML = 'text/html; charset=utf-8'

function pageOf(
  { type, bytes }: { type: string; bytes: Uint8Array<ArrayBuffer> },
  headers: Record<string, string>,
): Response {
  return new Response(bytes, { headers: { ...headers, 'content-type': type } })
}

/** The name of the page's file that a path asks for; undefined for every other path. */
function dashboardFileAt(pathname: string): string | undefined {
  const [path, name] = /^\/dashboard(?:\/([\w.]*))?$/.exec(pathname) ?? []
  return path && (name || 'index.html')
}

/** The headers that vercel.json adds to what is served at a path. */
function headersByPath(): (pathname: string) => Record<string, string> {
  const rules = vercelJson().headers.map(({ source, headers }) => ({
    pattern: new URLPattern({ pathname: source }),
    headers: headers.map(({ key, value }) => [key.toLowerCase(), value] as const),
  }))
  return (pathname) =>
    Object.fromEntries(
      rules.flatMap(({ pattern, headers }) => (pattern.test({ pathname }) ? headers : [])),
    )
}

type VercelJson = {
  rewrites: { source: string; destination: string }[]
  headers: { source: string; headers: { key: string; value: string }[] }[]
}

function vercelJson(): VercelJson {
  return JSON.parse(readFileSync(resolve(root, 'vercel.json'), 'utf8')) as VercelJson
}

/**
 * Routes requests to the functions as the platform does: files under `api/` by their path, and the
 * rewrites of vercel.json. A rewritten request keeps its URL. Everything else is 404.
 */
export async function functionRoutes(): Promise<Fetch> {
  const functions = new Map<string, Fetch>()
  for await (const file of glob('api/**/*.ts', { cwd: root })) {
    const module = (await import(resolve(root, file))) as { default: { fetch: Fetch } }
    functions.set(`/${file.replace(/\.ts$/, '')}`, module.default.fetch)
  }
  const { rewrites } = vercelJson()
  const patterns: [URLPattern, Fetch][] = rewrites.map(({ source, destination }) => {
    const target = functions.get(destination)
    if (target === undefined)
      throw new Error(`vercel.json rewrites to ${destination}: no such file`)
    return [new URLPattern({ pathname: source }), target]
  })
  return (request) => {
    const { pathname } = new URL(request.url)
    const rewrittenPath = () => patterns.find(([pattern]) => pattern.test({ pathname }))?.[1]
    const route = functions.get(pathname) ?? rewrittenPath()
    return route ? route(request) : new Response('Not found', { status: 404 })
  }
}
