import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseConfig } from '../lib/config.ts'

const root = resolve(import.meta.dirname, '..')
const PAGES = ['README.md', ...globSync('.github/*.md', { cwd: root })]

/** The anchor that GitHub gives a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-')
}

function anchorsIn(page: string): string[] {
  const headings = readFileSync(join(root, page), 'utf8').matchAll(/^#{1,6} (.+)$/gm)
  return [...headings].map(([, heading = '']) => anchorOf(heading))
}

test.each(PAGES)('each link of %s leads to a file, and to a heading in it', (page) => {
  const text = readFileSync(join(root, page), 'utf8')
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
  const brokenLinks = links.filter((link) => {
    if (/^https?:/.test(link)) return false
    const [path = '', anchor] = link.split('#')
    const target = path === '' ? page : normalize(join(dirname(page), path))
    if (!existsSync(join(root, target))) return true
    return anchor !== undefined && !anchorsIn(target).includes(anchor)
  })
  expect(brokenLinks).toEqual([])
})

describe('the variables of the environment', () => {
  const operating = readFileSync(join(root, '.github/operating.md'), 'utf8')
  const [required = '', optional = ''] =
    operating.split('\n## Configuration\n')[1]?.split('\nOptional:\n') ?? []
  const example = readFileSync(join(root, '.env.example'), 'utf8')

  /** The names in a table, each with the default that its row gives it. */
  function variablesIn(table: string): { name: string; value: string | undefined }[] {
    const rows = table.matchAll(/^\| (`[A-Z_]+`(?:, `[A-Z_]+`)*) \|(.*?)\|/gm)
    return [...rows].flatMap(([, names = '', defaults = '']) =>
      inCode(names).map((name, index) => ({
        name,
        value: inCode(defaults)[index] ?? inCode(defaults)[0],
      })),
    )
  }

  function inCode(cell: string): string[] {
    return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code)
  }

  test('.env.example has each variable that the operating page has, and no other', () => {
    const names = [...example.matchAll(/^([A-Z_]+)=$/gm)].map(([, name]) => name)
    const documented = [...variablesIn(required), ...variablesIn(optional)].map(({ name }) => name)
    // Explained beside DATABASE_URL, and where npm run dev is.
    expect(names.toSorted()).toEqual([...documented, 'POSTGRES_URL', 'TELEGRAM_REAL'].toSorted())
  })

  // Where another variable counts instead, or the host decides, there is no value to set.
  const defaults = variablesIn(optional).flatMap(({ name, value }): [string, string][] =>
    value === undefined || /^[A-Z_]+$/.test(value) || name === 'ENVIRONMENT' ? [] : [[name, value]],
  )

  test.each(defaults)('%s set to its documented default, %s, changes nothing', (name, value) => {
    const env = { TELEGRAM_BOT_TOKEN: '123:abc', TELEGRAM_WEBHOOK_SECRET: 's', OPENAI_API_KEY: 'k' }
    expect(parseConfig({ ...env, [name]: value })).toEqual(parseConfig(env))
  })

  test.each(defaults)('.env.example gives %s no other default than %s', (name, value) => {
    const comment =
      example
        .slice(0, example.indexOf(`\n${name}=`))
        .split('\n')
        .at(-1) ?? ''
    const [, exampleDefault = value] = /\bdefault ([^\s;,:]+?)[.;,]?(?:\s|$)/i.exec(comment) ?? []
    expect(exampleDefault).toBe(value)
  })
})
