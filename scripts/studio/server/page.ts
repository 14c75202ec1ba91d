import type { Server } from 'node:http'
import { join, resolve } from 'node:path'
import { createServer } from 'vite'

const PAGE = resolve(import.meta.dirname, '../page')

/** Builds the page on the fly, for the server that it is shown by; nothing of it is kept but Vite's cache in .data. */
export async function servePage(server: Server) {
  return createServer({
    configFile: false,
    root: PAGE,
    cacheDir: resolve(join('.data', 'vite')),
    appType: 'spa',
    logLevel: 'warn',
    clearScreen: false,
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    // Named, so that they are ready before the first page asks: found later, they would reload it.
    optimizeDeps: { include: ['preact', 'preact/hooks', 'preact/jsx-dev-runtime', 'mediabunny'] },
    server: { middlewareMode: true, hmr: { server } },
  })
}
