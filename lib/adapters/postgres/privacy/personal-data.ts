import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Tables } from '../../../../db/tables.ts'
import type { Now } from '../../../app/ports.ts'
import type { Person, PersonalData } from '../../../app/privacy/personal-data.ts'
import {
  EXPORT_FORMAT,
  EXPORT_SECTIONS,
  type PersonalExport,
  SECTION_NAMES,
  type SectionName,
} from '../../../domain/privacy/export.ts'
import { deletePerson } from './deletion.ts'
import type { PersonIds } from './person-rows.ts'
import { type PersonalTable, TABLES_WITH_PERSONS } from './personal-tables.ts'

type Row = Record<string, unknown>

/** What is kept of persons, in PostgreSQL. */
export function pgPersonalData(db: Kysely<Tables>, { now }: { now: Now }): PersonalData {
  return {
    async exportOf(person) {
      // One view for all tables.
      const sections = await db
        .transaction()
        .setIsolationLevel('repeatable read')
        .execute(async (view) => sectionsOf(view, await idsOf(view, person)))
      return exported(sections, now())
    },

    delete: (person, job) =>
      db.transaction().execute(async (transaction) => {
        return deletePerson(transaction, await idsOf(transaction, person), job)
      }),
  }
}

async function idsOf(db: Kysely<Tables>, person: Person): Promise<PersonIds> {
  const isThis =
    'telegramId' in person
      ? sql<boolean>`telegram_id = ${person.telegramId}`
      : sql<boolean>`id = ${person.learnerId}`
  const row = await db
    .selectFrom('learner')
    .select(['id', 'telegram_id'])
    .where(isThis)
    .executeTakeFirst()
  const telegramId = 'telegramId' in person ? person.telegramId : (row?.telegram_id ?? null)
  return { learnerId: row?.id ?? null, telegramId }
}

async function sectionsOf(db: Kysely<Tables>, person: PersonIds): Promise<Map<SectionName, Row[]>> {
  const sections = new Map<SectionName, Row[]>()
  for (const [name, table] of TABLES_WITH_PERSONS) {
    if (table.section === null) continue
    const { rows } = await exportOfTable(name, table.section, table, person).execute(db)
    sections.set(table.section, rows.map(readable))
  }
  return sections
}

function exported(sections: ReadonlyMap<SectionName, Row[]>, at: Date): PersonalExport {
  const namedSections = Object.fromEntries(
    SECTION_NAMES.map((name) => [name, sections.get(name) ?? []]),
  )
  return {
    format: EXPORT_FORMAT,
    exported_at: at.toISOString(),
    ...(namedSections as Omit<PersonalExport, 'format' | 'exported_at' | 'learner'>),
    learner: sections.get('learner')?.[0] ?? null,
  }
}

/** Bytes as the text that they mostly are. */
function readable(row: Row): Row {
  const entries = Object.entries(row).map(([name, value]) => [
    name,
    value instanceof Uint8Array ? new TextDecoder().decode(value) : value,
  ])
  return Object.fromEntries(entries)
}

/** The rows of a table that are a person's, with the columns under the names of their section. */
function exportOfTable(
  table: string,
  section: SectionName,
  { exportedColumns, rowsOf }: PersonalTable,
  person: PersonIds,
): RawBuilder<Record<string, unknown>> {
  const { fields } = EXPORT_SECTIONS[section]
  const columns = exportedColumns.map(
    (column, index) => sql`${sql.ref(column)} as ${sql.id(fields[index] ?? '')}`,
  )
  return sql`select ${sql.join(columns)} from ${sql.table(table)} where ${rowsOf(person)} order by 1, 2`
}
