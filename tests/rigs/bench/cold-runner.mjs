import { statSync } from 'node:fs'
import { createServer } from 'node:http'
import { registerHooks } from 'node:module'
import { Readable } from 'node:stream'
import { fileURLToPath, pathToFileURL } from 'node:url'

/**
 * Serves one function as the platform would: `node cold-runner.mjs <file of the handler>`. Without a file,
 * the bare server that any function needs.
 *
 * Plain JavaScript, as what is deployed: Node would load its TypeScript stripper for anything else.
 * `--count <file>` adds up what is loaded, `--time <file>` prints how long its import takes.
 */
const [first, second] = process.argv.slice(2)
// By `exit`, so that the compile cache is written where there is one.
process.once('SIGTERM', () => process.exit())

if (first === '--time') {
  const begun = performance.now()
  await import(pathToFileURL(second).href)
  console.log(JSON.stringify({ ms: performance.now() - begun }))
} else if (first === '--count') {
  const loaded = countLoaded()
  const fetch = await functionIn(second)
  const atStart = loaded()
  await serve(fetch, async () => {
    const atAnswer = loaded()
    // What the answer has set off may still be loading.
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    console.log(JSON.stringify({ atStart, atAnswer, afterwards: loaded() }))
  })
} else {
  await serve(first === undefined ? () => new Response('ok') : await functionIn(first))
}

async function functionIn(file) {
  return (await import(pathToFileURL(file).href)).default.fetch
}

/** Listens, and prints where and at which age of the process. */
function serve(fetch, answered = () => {}) {
  const server = createServer(async (request, response) => {
    const { method, url, headers } = request
    const hasBody = method !== 'GET'
    const answer = await fetch(
      new Request(`http://localhost${url}`, {
        method,
        headers,
        ...(hasBody && { body: Readable.toWeb(request), duplex: 'half' }),
      }),
    )
    response.writeHead(answer.status, Object.fromEntries(answer.headers))
    response.end(Buffer.from(await answer.arrayBuffer()))
    void answered()
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      console.log(`listening on http://127.0.0.1:${server.address().port}`)
      resolve()
    })
  })
}

/** Begins to note what is loaded; returns a function that tells the files so far and their bytes. */
function countLoaded() {
  const bytes = new Map()
  registerHooks({
    load(url, context, next) {
      if (url.startsWith('file:')) bytes.set(fileURLToPath(url), statSync(fileURLToPath(url)).size)
      return next(url, context)
    },
  })
  return () => [...bytes].map(([path, bytes]) => ({ path, bytes }))
}
