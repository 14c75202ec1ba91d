import type { Stage } from '../../../scripts/studio/openai/stand-in.ts'
import type { JobHistory } from '../job-history.ts'
import { replySentencesTo } from '../paid-calls.ts'
import { askedAbout, type Evidence } from './evidence.ts'
import type { Fact } from './fact.ts'

/** What must be true of what was paid. */
export const PAID_FACTS: readonly Fact[] = [
  {
    fact: 'a stage is paid once a run, and never again once its result is remembered',
    violations: (evidence) =>
      (['transcribe', 'reply', 'speak'] as const).flatMap((stage) => overpaid(evidence, stage)),
  },
  {
    fact: 'nothing is paid that no message asked for',
    violations: ({ requests, ...evidence }) => {
      const known = new Set(
        sources(evidence).flatMap((source) => STAGES.flatMap((stage) => source.about[stage])),
      )
      return requests
        .filter((request) => !known.has(askedAbout(request) ?? ''))
        .map((request) => `${request.stage}: ${askedAbout(request)}`)
    },
  },
]

const STAGES: readonly Stage[] = ['transcribe', 'reply', 'speak']

type Source = { jobs: JobHistory[]; about: Record<Stage, readonly string[]> }

/** What each message and request of the API makes the provider be asked about. */
function sources({
  run,
  jobsOf,
  jobsOfRequest,
}: Pick<Evidence, 'run' | 'jobsOf' | 'jobsOfRequest'>): Source[] {
  const about = ({ said, audioSha256 }: { said?: string; audioSha256?: string }) => ({
    transcribe: audioSha256 === undefined ? [] : [audioSha256],
    reply: said === undefined ? [] : [said],
    speak: said === undefined ? [] : replySentencesTo(said),
  })
  return [
    ...run.delivered.map((each) => ({ jobs: jobsOf(each), about: about(each) })),
    ...run.asked.map((each) => ({ jobs: jobsOfRequest(each), about: about(each) })),
  ]
}

/**
 * A request that met no fault is paid. All messages that say the same are looked at together: the
 * provider is not told which it is asked for.
 */
function overpaid(evidence: Evidence, stage: Stage): string[] {
  const paid = Map.groupBy(
    evidence.requests.filter((request) => request.stage === stage && request.fault === undefined),
    (request) => askedAbout(request),
  )
  return [...paid].flatMap(([about, requests]) => {
    const jobs = sources(evidence)
      .filter((source) => source.about[stage].includes(about ?? ''))
      .flatMap((source) => source.jobs)
    const most = jobs.reduce((sum, job) => sum + runsUntilDone(job, stage), 0)
    if (requests.length <= most) return []
    return [`${stage} of "${about}" ${requests.length} times, not ${most}`]
  })
}

/** The runs of a job that began before the stage's result was remembered. */
function runsUntilDone({ steps, claims }: JobHistory, stage: Stage): number {
  const done = [...steps].find(([name]) => name === stage || name.startsWith(`${stage}:`))
  const doneAt = done?.[1].doneAt ?? Number.POSITIVE_INFINITY
  return claims.filter((at) => at < doneAt).length
}
