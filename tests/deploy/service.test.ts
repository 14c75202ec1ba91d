import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { describeWithProgram } from '../support/programs.ts'

const root = resolve(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const unit = read('.github/deploy/mluv-me.service')

const dir = mkdtempSync(join(tmpdir(), 'mluv-me-service-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

describeWithProgram('The systemd unit', 'systemd-analyze', (program) => {
  // As if the sources lay where the unit looks for them.
  const file = join(dir, 'mluv-me.service')
  writeFileSync(file, unit.replaceAll('/opt/mluv-me', root))
  const analyze = (...args: string[]) => spawnSync(program, [...args, file], { encoding: 'utf8' })

  test('systemd reads the unit without a complaint', () => {
    const { status, stdout, stderr } = analyze('verify', '--man=no')
    expect([status, stdout, stderr]).toEqual([0, '', ''])
  })

  test('a taken-over service reaches little of its host', () => {
    const { stdout } = analyze('security', '--offline=true')
    const exposure = /Overall exposure level for mluv-me\.service: (\d+\.\d)/.exec(stdout)?.[1]
    expect(Number(exposure)).toBeLessThanOrEqual(1.5)
  })
})

test.each([
  ['.github/deploy/mluv-me.service', /^TimeoutStopSec=(\d+)$/m],
  ['.github/deploy/Dockerfile', /--stop-timeout (\d+)/],
])('%s gives running lessons longer than the product does', (path, limit) => {
  const shutdownMs = /^const SHUTDOWN_MS = ([\d_]+)$/m.exec(read('scripts/start.ts'))?.[1]
  const ownSeconds = Number(shutdownMs?.replaceAll('_', '')) / 1000
  expect(Number(limit.exec(read(path))?.[1])).toBeGreaterThan(ownSeconds)
})

test.each([
  ['.github/deploy/mluv-me.service', /^ExecStart=\S+\/node (.*)$/m],
  ['.github/deploy/Dockerfile', /^CMD \["node", "(.*)"\]$/m],
])('%s runs what npm start runs', (path, command) => {
  const { scripts } = JSON.parse(read('package.json'))
  expect(scripts.start.split(' ')).toContain(command.exec(read(path))?.[1])
})
