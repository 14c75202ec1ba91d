import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { resolve } from 'node:path'

type Fetch = (request: Request) => Response | Promise<Response>

const root = resolve(import.meta.dirname, '../..')

/** The functions, and the pages of public/ as the platform serves them: `/` is index.html. */
export async function serverRoutes(): Promise<Fetch> {
  const route = await functionRoutes()
  const page = readFileSync(resolve(root, 'public/index.html'))
  const headers = { 'content-type': 'text/html; charset=utf-8' }
  return (request) => {
    const isPage = /^\/(index\.html)?$/.test(new URL(request.url).pathname)
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    return isPage && isRead ? new Response(new Uint8Array(page), { headers }) : route(request)
  }
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
  const { rewrites } = JSON.parse(readFileSync(resolve(root, 'vercel.json'), 'utf8')) as {
    rewrites: { source: string; destination: string }[]
  }
  const patterns: [URLPattern, Fetch][] = rewrites.map(({ source, destination }) => {
    const target = functions.get(destination)
    if (target === undefined)
      throw new Error(`vercel.json rewrites to ${destination}: no such file`)
    return [new URLPattern({ pathname: source }), target]
  })
  return (request) => {
    const { pathname } = new URL(request.url)
    const rewritten = () => patterns.find(([pattern]) => pattern.test({ pathname }))?.[1]
    const route = functions.get(pathname) ?? rewritten()
    return route ? route(request) : new Response('Not found', { status: 404 })
  }
}
