import type { Database } from '../db/open.ts'
import { alertWebhook } from './adapters/alert-webhook.ts'
import { openaiFactFinder } from './adapters/openai/fact-finder.ts'
import { openaiInterpreter } from './adapters/openai/interpreter.ts'
import { speakerFor } from './adapters/openai/speech/speaker.ts'
import { openaiTranscriber } from './adapters/openai/transcriber.ts'
import { openaiTutor } from './adapters/openai/tutor.ts'
import { vendorTraits } from './adapters/openai/vendor-traits.ts'
import { pgApiKeyUses } from './adapters/postgres/api-key-uses.ts'
import { pgAttempts } from './adapters/postgres/attempts.ts'
import { pgBreaker } from './adapters/postgres/breaker.ts'
import { pgCache } from './adapters/postgres/cache.ts'
import { withDatabaseErrors } from './adapters/postgres/database-error.ts'
import { pgExpectations } from './adapters/postgres/expectations.ts'
import { pgKeptLessons } from './adapters/postgres/kept-lessons.ts'
import { pgLessons } from './adapters/postgres/lessons.ts'
import { pgMemory } from './adapters/postgres/memory.ts'
import { pgNotices } from './adapters/postgres/notices.ts'
import { pgQuota } from './adapters/postgres/quota.ts'
import { pgRetakes } from './adapters/postgres/retakes.ts'
import { pgTally } from './adapters/postgres/tally.ts'
import { pgVendorTraits } from './adapters/postgres/vendor-traits.ts'
import { redisCache } from './adapters/redis/cache.ts'
import { telegramApi } from './adapters/telegram/api.ts'
import { type Cache, NO_CACHE } from './app/cache.ts'
import type { Breaker } from './app/jobs/breaker.ts'
import { drain } from './app/jobs/drain.ts'
import type { Inbox, Wake } from './app/jobs/inbox.ts'
import type { LastJob } from './app/jobs/job.ts'
import type { Journal } from './app/jobs/journal.ts'
import { SLOTS, slotsOf } from './app/jobs/slots.ts'
import type { SlotClass } from './app/jobs/sources.ts'
import { timingsUnder } from './app/jobs/timings.ts'
import { unstoredCharges } from './app/jobs/unstored-charges.ts'
import type { Learners } from './app/learner/learners.ts'
import type { InspectAudio } from './app/lesson/audio.ts'
import { breakingSpeaker } from './app/lesson/speech-breaker.ts'
import { withJobInLog, withLearnerInLog } from './app/log-whose.ts'
import { memoryJobs } from './app/memory/memory-jobs.ts'
import { tallyJobs } from './app/metrics/tally.ts'
import type { Log, LogScope, Now, Random, Sleep } from './app/ports.ts'
import type { PersonalData } from './app/privacy/personal-data.ts'
import { sealedCache } from './app/sealed-cache.ts'
import { pricedBy, type Stage, type Usage } from './app/usage.ts'
import { alertJobs } from './bot/alert/alert-jobs.ts'
import { asideJobs } from './bot/aside/aside-jobs.ts'
import { telegramJobs } from './bot/bot.ts'
import type { Config } from './config.ts'
import { apiJobs } from './http/lesson/job-handler.ts'
import type { LessonListeners } from './http/lesson/listeners.ts'

/** What runs jobs. */
export type Worker = {
  /** Runs a lane's jobs, here and now, the first in one of these slots; up to and with the job `last`, if given. */
  drain(lane: string, slots: SlotClass, last?: LastJob): Promise<void>
  /** Lets go of what the worker alone holds. */
  close(): Promise<void>
}

/** What the worker shares with the rest of the process. */
export type WorkerDeps = {
  config: Config
  database: Database
  inbox: Inbox
  journal: Journal
  learners: Learners
  listeners: LessonListeners
  inspectAudio: InspectAudio
  personalData(): Promise<PersonalData>
  wake: Wake
  log: Log
  logScope: LogScope
  now: Now
  sleep: Sleep
  random: Random
  stopping: AbortSignal
}

/** Makes the worker. Its file is loaded with the first job: acknowledging an update needs none of it. */
export function createWorker(deps: WorkerDeps): Worker {
  const { config, database } = deps
  const breaker = withDatabaseErrors(pgBreaker(database.db, vendorNames(config)))
  const { logScope } = deps
  const learners = withLearnerInLog(deps.learners, logScope)
  const cache = openCache(deps)
  const lessonDeps = { ...deps, learners, breaker, ...lessonPorts(deps, { breaker, cache }) }
  const inSlot = slotsOf({ ...SLOTS, lesson: config.lessonSlots })
  const drainDeps = {
    ...deps,
    inbox: withJobInLog(deps.inbox, logScope),
    breaker,
    ownJobs: new Set<number>(),
    unstoredCharges: unstoredCharges(deps),
    handlers: {
      tg: telegramJobs(lessonDeps),
      api: apiJobs(lessonDeps),
      aside: asideJobs(lessonDeps),
      memory: memoryJobs(lessonDeps),
      tally: tallyJobs({ ...deps, tally: withDatabaseErrors(pgTally(database.db)) }),
      alert: alertJobs({ ...lessonDeps, ...alertPorts(config) }),
    },
    // A slot holds one job, whose lines say whose it is.
    inSlot: <T>(slots: SlotClass, work: () => Promise<T>) =>
      inSlot(slots, () => logScope.within(work)),
    timings: timingsUnder(config),
    price: (usage: Usage) => pricedBy(config.prices, usage),
  }
  return {
    drain: (lane, slots, last) => drain(drainDeps, lane, slots, last),
    close: () => cache.close(),
  }
}

function openCache({ config: { cache }, database: { db }, log }: WorkerDeps): Cache {
  if (cache === undefined) return NO_CACHE
  const { redisUrl, maxBytes } = cache
  const monotonicMs = () => performance.now()
  const store =
    redisUrl === undefined ? pgCache(db, { maxBytes, monotonicMs }) : redisCache(redisUrl)
  return sealedCache(store, { log, monotonicMs })
}

/** Names whom each stage asks, and for which model. */
function vendorNames({ stt, chat, tts }: Config): (stage: Stage) => string {
  const endpoints = { transcribe: stt, reply: chat, speak: tts }
  return (stage) => `${new URL(endpoints[stage].baseUrl).host} ${endpoints[stage].model}`
}

/** Where alerts go. */
function alertPorts({ alerts: { chatId, webhookUrl } }: Config) {
  const postAlert = webhookUrl === undefined ? undefined : alertWebhook(webhookUrl)
  return { alertChatId: chatId, postAlert }
}

/** The ports that only lessons need. */
function lessonPorts(
  { config, database: { db }, log, now, sleep, random, stopping }: WorkerDeps,
  { breaker, cache }: { breaker: Breaker; cache: Cache },
) {
  const traits = vendorTraits({ store: withDatabaseErrors(pgVendorTraits(db)), now, log })
  const tools = { log, now, sleep, random, stopping, traits, cache }
  const { stt, chat, tts } = config
  return {
    telegram: telegramApi(config.telegram, tools),
    lessons: withDatabaseErrors(pgLessons(db)),
    keptLessons: withDatabaseErrors(pgKeptLessons(db)),
    retakes: withDatabaseErrors(pgRetakes(db)),
    attempts: withDatabaseErrors(pgAttempts(db)),
    expectations: withDatabaseErrors(pgExpectations(db)),
    memory: withDatabaseErrors(pgMemory(db)),
    notices: withDatabaseErrors(pgNotices(db)),
    quota: withDatabaseErrors(pgQuota(db, config)),
    keyUses: withDatabaseErrors(pgApiKeyUses(db)),
    transcriber: openaiTranscriber({ endpoint: stt, model: stt.model, ...tools }),
    interpreter: openaiInterpreter({ endpoint: chat, model: chat.model, ...tools }),
    factFinder: openaiFactFinder({ endpoint: chat, model: chat.model, ...tools }),
    tutor: openaiTutor({ endpoint: chat, model: chat.model, ...tools }),
    speaker: breakingSpeaker(speakerFor({ endpoint: tts, ...tts, ...tools }), { breaker, log }),
  }
}
