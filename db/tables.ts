import type { ExpectationTable, NoticeTable } from './tables/chats.ts'
import type { DutyTable, InboxTable, JournalTable } from './tables/jobs.ts'
import type {
  ApiKeyTable,
  ApiKeyUseTable,
  FactTable,
  LearnerTable,
  QuotaUseTable,
  StarEntryTable,
} from './tables/learners.ts'
import type { LessonTable, MistakeTable } from './tables/lessons.ts'
import type { AlertTable, MeasurementTable, SignInTable, TallyTable } from './tables/operation.ts'
import type {
  BreakerTable,
  BudgetDayTable,
  CacheTable,
  UsageTable,
  VendorTraitTable,
} from './tables/providers.ts'

/**
 * The rows as the drivers return them after db/open.ts has set its parsers: int8 as number, dates as
 * `YYYY-MM-DD`, timestamps as Date, bytea as Uint8Array. Columns are translated in the stores only.
 * The rows of a subject are in a file of `tables/`.
 */
export type Tables = {
  inbox: InboxTable
  journal: JournalTable
  breaker: BreakerTable
  api_key: ApiKeyTable
  api_key_use: ApiKeyUseTable
  learner: LearnerTable
  quota_use: QuotaUseTable
  budget_day: BudgetDayTable
  lesson: LessonTable
  mistake: MistakeTable
  star_entry: StarEntryTable
  notice: NoticeTable
  usage: UsageTable
  vendor_trait: VendorTraitTable
  duty: DutyTable
  cache: CacheTable
  expectation: ExpectationTable
  measurement: MeasurementTable
  tally: TallyTable
  fact: FactTable
  sign_in: SignInTable
  alert: AlertTable
}
