import type { ColumnType, Generated } from 'kysely'

export type Timestamp = ColumnType<Date, Date | string, Date | string>
/** One that the database fills in; kysely's `Generated` does not nest. */
export type GivenTimestamp = ColumnType<Date, Date | string | undefined, Date | string>
export type Id = Generated<number>
