import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Agent, fetch, type RequestInit, type Response } from 'undici'
import { portFrom } from '../../scripts/studio/port.ts'
import { certificateFor } from '../support/certificate.ts'

/** A running proxy, as `.github/deploy/` configures it, before the product. */
export type RunningProxy = {
  /** Asks for a path over HTTPS. */
  ask(path: string, init?: RequestInit): Promise<Response>
  /** Its address without encryption. */
  plainUrl: string
  stop(): Promise<void>
}

/** How a proxy takes its file. Ports, the certificate and the folders are the test's; all else is the file's. */
export type ProxyProgram = {
  file: string
  /** What the file becomes for this set-up, and the files around it. */
  render(file: string, setUp: SetUp): Record<string, string>
  /** Arguments that only look at the files, and those that run them. */
  check: (setUp: SetUp) => string[]
  run: (setUp: SetUp) => string[]
}

type SetUp = { dir: string; port: number; plainPort: number; upstreamPort: number }

export const CADDY: ProxyProgram = {
  file: 'Caddyfile',
  render: (file, { dir, port, plainPort, upstreamPort }) => ({
    Caddyfile: `{
      admin off
      storage file_system ${dir}
      http_port ${plainPort}
      https_port ${port}
    }
    ${replaced(file, [
      ['bot.example.com {', `localhost {\n tls ${dir}/cert.pem ${dir}/key.pem`],
      ['127.0.0.1:8000', `127.0.0.1:${upstreamPort}`],
    ])}`,
  }),
  check: ({ dir }) => ['validate', '--config', `${dir}/Caddyfile`],
  run: ({ dir }) => ['run', '--config', `${dir}/Caddyfile`],
}

export const NGINX: ProxyProgram = {
  file: 'nginx.conf',
  render: (file, { port, plainPort, upstreamPort }) => ({
    // What is around the file in the nginx.conf of a distribution.
    'main.conf': `daemon off; master_process off; pid nginx.pid; error_log stderr;
      events {}
      http {
        access_log access.log;
        client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
        uwsgi_temp_path uwsgi; scgi_temp_path scgi;
        gzip on;
        include site.conf;
      }`,
    'site.conf': replaced(file, [
      ['    listen [::]:80;\n', ''],
      ['    listen [::]:443 ssl;\n', ''],
      ['listen 80;', `listen 127.0.0.1:${plainPort};`],
      ['listen 443 ssl;', `listen 127.0.0.1:${port} ssl;`],
      ['server_name bot.example.com;', 'server_name localhost;'],
      ['server_name bot.example.com;', 'server_name localhost;'],
      ['/etc/letsencrypt/live/bot.example.com/fullchain.pem', 'cert.pem'],
      ['/etc/letsencrypt/live/bot.example.com/privkey.pem', 'key.pem'],
      ['127.0.0.1:8000', `127.0.0.1:${upstreamPort}`],
    ]),
  }),
  check: ({ dir }) => ['-t', '-e', 'stderr', '-p', dir, '-c', 'main.conf'],
  run: ({ dir }) => ['-e', 'stderr', '-p', dir, '-c', 'main.conf'],
}

/** Checks the files of a proxy, and starts it before the port at which the product listens. */
export async function startProxy(
  { file, render, check, run }: ProxyProgram,
  program: string,
  upstreamPort: number,
): Promise<RunningProxy> {
  const dir = mkdtempSync(join(tmpdir(), 'mluv-me-proxy-'))
  const setUp = { dir, port: await portFrom('0'), plainPort: await portFrom('0'), upstreamPort }
  const { key, cert } = certificateFor(2)
  const text = readFileSync(new URL(`../../.github/deploy/${file}`, import.meta.url), 'utf8')
  const files = { 'key.pem': key, 'cert.pem': cert, ...render(text, setUp) }
  for (const [name, content] of Object.entries(files)) writeFileSync(join(dir, name), content)
  // Caddy notes its configuration in the home of its user.
  const env = { HOME: dir }
  execFileSync(program, check(setUp), { stdio: 'pipe', env })

  const child = spawn(program, run(setUp), { stdio: ['ignore', 'ignore', 'pipe'], env })
  const agent = new Agent({ connect: { ca: cert } })
  const ask = (path: string, init?: RequestInit) =>
    fetch(`https://localhost:${setUp.port}${path}`, { ...init, dispatcher: agent })
  await listening(child, () => ask('/health'))
  return {
    ask,
    plainUrl: `http://localhost:${setUp.plainPort}`,
    async stop() {
      await agent.destroy()
      child.kill('SIGTERM')
      await once(child, 'exit')
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** Replaces each part once, in the file's order; throws where it is not in the file. */
function replaced(file: string, parts: readonly (readonly [string, string])[]): string {
  return parts.reduce((text, [part, replacement]) => {
    if (!text.includes(part)) throw new Error(`The file has no "${part}".`)
    return text.replace(part, replacement)
  }, file)
}

/** Resolves when the proxy passes requests on; throws with what it printed if it ends before. */
async function listening(child: ChildProcess, ask: () => Promise<Response>): Promise<void> {
  const output: string[] = []
  child.stderr?.setEncoding('utf8').on('data', (text: string) => void output.push(text))
  for (;;) {
    if (child.exitCode !== null) throw new Error(`The proxy ended: ${output.join('')}`)
    try {
      const response = await ask()
      await response.arrayBuffer()
      return
    } catch {
      // It does not listen yet.
      await delay(20)
    }
  }
}
