import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { resolve } from 'node:path'

type Fetch = (request: Request) => Response | Promise<Response>

const root = resolve(import.meta.dirname, '../..')

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
  for (const { source, destination } of rewrites) {
    const target = functions.get(destination)
    if (target === undefined)
      throw new Error(`vercel.json rewrites to ${destination}: no such file`)
    functions.set(source, target)
  }
  return (request) => {
    const route = functions.get(new URL(request.url).pathname)
    return route ? route(request) : new Response('Not found', { status: 404 })
  }
}
