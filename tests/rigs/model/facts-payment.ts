import { sentencesOf } from '../../../lib/domain/lesson/sentences.ts'
import { answerTo } from '../../../scripts/studio/openai/answers.ts'
import type { Stage } from '../../../scripts/studio/openai/stand-in.ts'
import type { JobHistory } from '../job-history.ts'
import { countPaidRequests, replySentencesTo } from '../paid-calls.ts'
import { type Evidence, FACTS, subjectOf } from './evidence.ts'
import type { Fact } from './fact.ts'

/** What must be true of what was paid. */
export const PAYMENT_FACTS: readonly Fact[] = [
  {
    fact: 'a stage is paid once a run, and never again once its result is stored',
    violations: (evidence) =>
      (['transcribe', 'reply', 'speak'] as const).flatMap((stage) => overpayments(evidence, stage)),
  },
  {
    fact: 'each call that is paid is charged, unless its run was cut off, and nothing else but calls without a known end',
    violations: ({ run, requests, charges, estimatedCharges }) => {
      const paidRequests = countPaidRequests(requests)
      // A kill or a broken connection takes what a run's calls cost with it, as far as no step of theirs is stored.
      const isCutOff = run.count.kills + run.count.breaks > 0
      // A run that lost its lease aborts its calls, and a sentence that fails those of the other sentences: whether the
      // provider was about to refuse one stays unknown.
      const hasAborted =
        run.count.lapses > 0 ||
        run.chats.some(({ isDeleted }) => isDeleted) ||
        requests.some(({ stage, fault }) => stage === 'speak' && fault)
      return STAGES.filter((stage) => {
        const surplusCount = charges[stage] - paidRequests[stage]
        const isMissing = surplusCount < 0 && !isCutOff
        return isMissing || surplusCount > (hasAborted ? estimatedCharges[stage] : 0)
      }).map((stage) => `${stage}: charged ${charges[stage]} times, paid ${paidRequests[stage]}`)
    },
  },
  {
    fact: 'nothing is paid that no message asked for',
    violations: ({ requests, ...evidence }) => {
      const subjects = new Set(
        sources(evidence).flatMap((source) => STAGES.flatMap((stage) => source.subjects[stage])),
      )
      return requests
        .filter((request) => !subjects.has(subjectOf(request) ?? ''))
        .map((request) => `${request.stage}: ${subjectOf(request)}`)
    },
  },
]

const STAGES: readonly Stage[] = ['transcribe', 'reply', 'speak']

type Source = { jobs: JobHistory[]; subjects: Record<Stage, readonly string[]> }

/** What each message, press on an answer and request of the API makes the provider be asked about. */
function sources({
  run,
  jobs,
  jobsOf,
  jobsOfRequest,
}: Pick<Evidence, 'run' | 'jobs' | 'jobsOf' | 'jobsOfRequest'>): Source[] {
  const subjectsOf = ({ said: text, audioSha256 }: { said?: string; audioSha256?: string }) => ({
    transcribe: audioSha256 === undefined ? [] : [audioSha256],
    reply: text === undefined ? [] : [text],
    speak: text === undefined ? [] : replySentencesTo(text),
  })
  return [
    ...run.deliveries.map((delivery) => ({
      jobs: jobsOf(delivery),
      subjects: subjectsOf(delivery),
    })),
    ...run.apiRequests.map((apiRequest) => ({
      jobs: jobsOfRequest(apiRequest),
      subjects: subjectsOf(apiRequest),
    })),
    ...jobs
      .filter(({ source }) => source === 'aside:tg')
      .map((job) => asideOf(job, { run, jobsOf })),
    ...jobs
      .filter(({ source }) => source === 'memory:tg')
      .map((job) => ({ jobs: [job], subjects: { transcribe: [], reply: [FACTS], speak: [] } })),
  ]
}

/** What a press on an answer makes the provider be asked about: the reply, to be translated, answered or said slower. */
function asideOf(job: JobHistory, { run, jobsOf }: Pick<Evidence, 'run' | 'jobsOf'>): Source {
  const [lessonJobId] = job.key.split(':')
  // By now the lesson may say something else, or be deleted.
  const answeredPresses = run.deliveries
    .filter((delivery) => jobsOf(delivery).some(({ id }) => String(id) === lessonJobId))
    .map(({ said = '' }) => ({ said, reply: answerTo(said, '').reply }))
  const replies = answeredPresses.map(({ reply }) => reply)
  // To find what can be said next, both turns are shown.
  const exchanges = answeredPresses.map(
    ({ said, reply }) => `The learner: ${said}\nThe last turn: ${reply}`,
  )
  const sentences = replies
    .flatMap((reply) => sentencesOf(reply))
    .map((sentence) => sentence.trim())
  return {
    jobs: [job],
    subjects: {
      transcribe: [],
      reply: [...replies, ...exchanges],
      speak: [...new Set([...replies, ...sentences])],
    },
  }
}

/**
 * A request that met no fault is paid. All messages of the same text are counted together: a
 * request does not say which message it is for.
 */
function overpayments(evidence: Evidence, stage: Stage): string[] {
  const requestsBySubject = Map.groupBy(
    evidence.requests.filter((request) => request.stage === stage && request.fault === undefined),
    (request) => subjectOf(request),
  )
  return [...requestsBySubject].flatMap(([subject, requests]) => {
    const jobs = sources(evidence)
      .filter((source) => source.subjects[stage].includes(subject ?? ''))
      .flatMap((source) => source.jobs)
    const max = jobs.reduce((sum, job) => sum + runsUntilDone(job, stage), 0)
    if (requests.length <= max) return []
    return [`${stage} of "${subject}" ${requests.length} times, not ${max}`]
  })
}

/** The runs of a job that began before the stage's result was stored. */
function runsUntilDone({ steps, claims }: JobHistory, stage: Stage): number {
  const doneStep = [...steps].find(([name]) => name === stage || name.startsWith(`${stage}:`))
  const doneAt = doneStep?.[1].doneAt ?? Number.POSITIVE_INFINITY
  return claims.filter((at) => at < doneAt).length
}
