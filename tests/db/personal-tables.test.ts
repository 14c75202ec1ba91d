import { readFileSync } from 'node:fs'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import {
  PERSONAL_TABLES,
  TABLES_WITH_PERSONS,
} from '../../lib/adapters/postgres/privacy/personal-tables.ts'
import { EXPORT_SECTIONS, SECTION_NAMES } from '../../lib/domain/privacy/export.ts'
import { describeDatabases } from '../support/databases.ts'

/** Types whose values cannot say who somebody is, or what somebody has said, where nothing beside them does. */
const SILENT_TYPES = ['boolean', 'date', 'double precision', 'integer', 'timestamp with time zone']
/** Kysely's own, which hold the names of migrations. */
const KYSELY_TABLES = ['kysely_migration', 'kysely_migration_lock']

type Column = { table: string; column: string; type: string }

describeDatabases(
  'the tables',
  (database) => {
    async function columns(): Promise<Column[]> {
      const { rows } = await sql<Column>`
      select table_name as "table", column_name as "column", data_type as "type"
      from information_schema.columns where table_schema = current_schema()
      order by table_name, ordinal_position`.execute(database().db)
      return rows.filter(({ table }) => !KYSELY_TABLES.includes(table))
    }

    test('every column that can hold something of a person has its place in the registry', async () => {
      const unplaced = (await columns()).filter(({ table, column, type }) => {
        const entry = Object.entries(PERSONAL_TABLES).find(([name]) => name === table)?.[1]
        if (entry === undefined) return true
        const isPersons = 'exportedColumns' in entry
        const isPlaced =
          (isPersons && entry.exportedColumns.includes(column)) ||
          Object.hasOwn(entry.unexportedColumns, column)
        // Beside a person's other columns even a number says something of them.
        return !isPlaced && (isPersons || !SILENT_TYPES.includes(type))
      })
      expect(unplaced).toEqual([])
    })

    test('the registry names no column that is not there', async () => {
      const known = new Set((await columns()).map(({ table, column }) => `${table}.${column}`))
      const named = Object.entries(PERSONAL_TABLES).flatMap(([table, entry]) => {
        const exported = 'exportedColumns' in entry ? entry.exportedColumns : []
        return [...exported, ...Object.keys(entry.unexportedColumns)].map(
          (column) => `${table}.${column}`,
        )
      })
      expect(named.filter((name) => !known.has(name))).toEqual([])
    })

    test('a table whose rows name a learner says what becomes of them', async () => {
      const naming = (await columns())
        .filter(({ column }) => ['learner_id', 'lesson_id', 'chat_id'].includes(column))
        .map(({ table }) => table)
      const withPersons = TABLES_WITH_PERSONS.map(([name]) => name)
      expect(naming.filter((table) => !withPersons.includes(table))).toEqual([])
    })
  },
  ['pglite'],
)

/** The columns whose fields have names that say more to the person. */
const FIELD_NAMES: Readonly<Record<string, string>> = {
  'learner.external_id': 'user_id',
  'learner.corrections_level': 'corrections',
  'learner.remembers': 'memory',
  'learner.run_from': 'streak_from',
  'learner.run_to': 'streak_to',
  'learner.previous_run_from': 'earlier_streak_from',
  'learner.previous_run_to': 'earlier_streak_to',
  'learner.max_streak': 'longest_streak',
  'learner.created_at': 'since',
  'lesson.id': 'lesson_id',
  'lesson.created_at': 'at',
  'fact.created_at': 'at',
  'star_entry.created_at': 'at',
  'star_entry.key': 'for',
  'inbox.received_at': 'at',
  'inbox.payload': 'content',
  'notice.expires_at': 'until',
}

test('an exported table gives each of its columns the field of its name, and every section has a table', () => {
  for (const [name, { section, exportedColumns }] of TABLES_WITH_PERSONS) {
    const fields: readonly string[] = section === null ? [] : EXPORT_SECTIONS[section].fields
    const named = exportedColumns.map((column) => FIELD_NAMES[`${name}.${column}`] ?? column)
    expect(fields, name).toEqual(named)
    expect(new Set(fields).size, name).toBe(fields.length)
  }
  const sections = TABLES_WITH_PERSONS.flatMap(([, { section }]) => section ?? [])
  expect([...sections].sort()).toEqual([...SECTION_NAMES].sort())
})

test('what is not exported of a person says why', () => {
  const silent = TABLES_WITH_PERSONS.flatMap(([name, { exportedColumns, unexportedColumns }]) => [
    ...(exportedColumns.length === 0 && Object.keys(unexportedColumns).length === 0 ? [name] : []),
    ...Object.entries(unexportedColumns).flatMap(([column, reason]) =>
      reason === '' || exportedColumns.includes(column) ? [`${name}.${column}`] : [],
    ),
  ])
  expect(silent).toEqual([])
})

test('the names of an export are documented', () => {
  const page = readFileSync(new URL('../../.github/lesson-api.md', import.meta.url), 'utf8')
  for (const name of SECTION_NAMES) {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\` |`))
    const fields = [...(row ?? '').matchAll(/`(\w+)`/g)].map(([, field]) => field)
    expect(fields.slice(1), name).toEqual(EXPORT_SECTIONS[name].fields)
  }
})
