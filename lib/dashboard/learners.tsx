import type { LearnerFigures } from '../app/dashboard/dashboard.ts'
import { Card, sharesOf, Table } from './card.tsx'
import { count, counted, day, percent } from './format.ts'

/** Who comes, and who stays. */
export function LearnersCard({ learners }: { learners: LearnerFigures }) {
  const { newcomers, active } = learners
  const first = learners.weeks.findIndex((week) => week.newcomers > 0)
  const weeks = first < 0 ? [] : learners.weeks.slice(first)
  const shares = sharesOf(weeks.map((week) => week.newcomers))
  return (
    <Card
      title="Learners"
      note={`${counted(active, 'learner')} active, ${counted(newcomers, 'newcomer')} in this period`}
    >
      <Table
        caption="Newcomers by week, and how many still learn"
        head={['Week of', 'Came', 'Still learn', 'Share']}
        rows={weeks.map(({ week, newcomers: came, retained }, at) => ({
          cells: [
            day(new Date(week)),
            count(came),
            count(retained),
            came === 0 ? '–' : percent(retained / came),
          ],
          share: shares[at] ?? 0,
        }))}
        emptyText="No learner has come in the last eight weeks."
      />
      {weeks.length > 0 && (
        <p class="hint">
          Still learn: had a lesson in the last 7 days. Weeks begin on Monday, UTC.
        </p>
      )}
    </Card>
  )
}
