import { ChecksCard, ModelsCard } from './checks.tsx'
import { CostCard } from './costs.tsx'
import { JobsCard } from './jobs.tsx'
import { KeyFigures } from './key-figures.tsx'
import { LearnersCard } from './learners.tsx'
import { AnswerTimeCard, LessonsCard } from './lessons.tsx'
import type { Overview } from './requests.ts'
import { ErrorsCard, StagesCard } from './stages.tsx'
import { Attention } from './trouble.tsx'

/** All that is known of a period and of the present, in the order in which an operator asks. */
export function OverviewSections(props: {
  overview: Overview
  /** What is shown is older than the trouble above it. */
  isStale: boolean
  onChange: () => Promise<void>
}) {
  const { figures, present, period } = props.overview
  return (
    <div class={props.isStale ? 'sections stale' : 'sections'}>
      {!props.isStale && <Attention checks={present.checks} />}
      <KeyFigures overview={props.overview} />
      <div class="grid">
        <LessonsCard figures={figures} period={period} />
        <AnswerTimeCard figures={figures} period={period} />
        <JobsCard jobs={present.jobs} onChange={props.onChange} />
        <StagesCard figures={figures} />
        <ErrorsCard figures={figures} />
        <LearnersCard learners={figures.learners} />
        <CostCard figures={figures} period={period} />
        <ModelsCard />
        <ChecksCard checks={present.checks} version={props.overview.version} />
      </div>
    </div>
  )
}
