import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import type { VendorTraitStore } from '../../app/lesson/vendor-trait.ts'

/** What vendors have refused within a day, in PostgreSQL. */
export function pgVendorTraits(db: Kysely<Tables>): VendorTraitStore {
  return {
    async load() {
      return db
        .selectFrom('vendor_trait')
        .select(['stage', 'host', 'model', 'refused', 'learned_at as learnedAt'])
        .where('learned_at', '>', sql<Date>`now() - interval '1 day'`)
        .execute()
    },
    async keep(vendor, refusedTraits) {
      await db
        .insertInto('vendor_trait')
        .values(refusedTraits.map((trait) => ({ ...vendor, refused: trait })))
        .onConflict((conflict) =>
          conflict
            .columns(['stage', 'host', 'model', 'refused'])
            .doUpdateSet({ learned_at: sql`now()` }),
        )
        .execute()
    },
  }
}
