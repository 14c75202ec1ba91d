import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ConfigError } from '../../../lib/config/environment.ts'
import { DONE, failed, type Script } from '../../../scripts/cli/command-line.ts'
import { typeCommand } from '../../support/terminal.ts'

const BAKE: Script = {
  name: 'npm run bake --',
  help: 'Bakes bread.',
  commands: {
    rolls: async ([count], terminal) => {
      terminal.write(`${count} rolls`)
      return DONE
    },
    cake: async () => failed('There is no sugar.'),
    pie: async () => {
      throw new ConfigError(['OVEN is required', 'FLOUR is required'])
    },
    fire: async (_args, { env }) => {
      throw new RangeError(`Too hot: ${env.ADMIN_TOKEN}, 123456:${'A'.repeat(35)}`)
    },
  },
}

describe('A command line', () => {
  test('a command line runs the command it names with the arguments after it, and ends with 0', async () => {
    expect(await typeCommand(BAKE, 'rolls 12')).toEqual({
      code: 0,
      stdout: ['12 rolls'],
      stderr: [],
    })
  })

  test('a script without subcommands gets all the arguments', async () => {
    const script: Script = {
      name: 'npm run knead --',
      help: 'Kneads dough.',
      run: async (args, terminal) => {
        terminal.write(`kneads ${args.join(' and ')}`)
        return DONE
      },
    }
    const outcome = { code: 0, stdout: ['kneads rye and wheat'], stderr: [] }
    expect(await typeCommand(script, 'rye wheat')).toEqual(outcome)
  })

  test.each(['--help', '-h', 'rolls --help', 'fire -h'])(
    'a command line with %s shows the help',
    async (args) => {
      expect(await typeCommand(BAKE, args)).toEqual({
        code: 0,
        stdout: ['Bakes bread.'],
        stderr: [],
      })
    },
  )

  test.each([
    ['', 'A command is missing.'],
    ['bread', 'There is no command "bread".'],
    ['constructor', 'There is no command "constructor".'],
  ])('the command line "%s" is wrong usage, reported on stderr', async (args, because) => {
    const stderr = [because, 'See npm run bake -- --help.']
    expect(await typeCommand(BAKE, args)).toEqual({ code: 2, stdout: [], stderr })
  })

  test('a failed command reports it in a sentence, and ends with 1', async () => {
    expect(await typeCommand(BAKE, 'cake')).toEqual({
      code: 1,
      stdout: [],
      stderr: ['There is no sugar.'],
    })
  })

  test('a command reports all that is wrong with the configuration at once, without a stack trace', async () => {
    const { code, stderr } = await typeCommand(BAKE, 'pie')
    expect(code).toBe(1)
    expect(stderr.slice(1)).toEqual(['- OVEN is required', '- FLOUR is required'])
  })

  test('a command shows where an unforeseen error comes from, and no secret', async () => {
    const { code, stderr } = await typeCommand(BAKE, 'fire', { ADMIN_TOKEN: 'a-long-admin-token' })
    expect(code).toBe(1)
    expect(stderr[0]).toBe('Unexpected: RangeError: Too hot: [redacted], [redacted]')
    expect(stderr[1]).toContain('command-line.test.ts')
  })
})

test('a command whose output has lost its reader ends as it would, and prints no trace', async () => {
  const root = resolve(import.meta.dirname, '../../..')
  const child = spawn(process.execPath, ['scripts/webhook.ts', '--help'], { cwd: root, env: {} })
  child.stdout.destroy()
  let complaints = ''
  child.stderr.on('data', (chunk) => {
    complaints += chunk
  })
  const [code] = await once(child, 'close')
  expect([code, complaints]).toEqual([0, ''])
})
