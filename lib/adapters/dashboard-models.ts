import type { ModelRow } from '../app/dashboard/dashboard.ts'
import type { Now } from '../app/ports.ts'
import { daysUntil, successorOf } from '../domain/lesson/model-shutdown.ts'
import { codeOf } from './neighbour-health.ts'
import { listModels, type ModelList } from './openai/model-list.ts'

type DashboardStage = { stage: string; baseUrl: string; apiKey: string; model: string }
export type DashboardStages = readonly DashboardStage[]

/** Shutdowns are announced months ahead. */
const ASK_AGAIN_MS = 3_600_000

/** The stages' models with what their servers say of their end; asked at most once an hour where all have answered. */
export function modelRows(stages: DashboardStages, now: Now): () => Promise<ModelRow[]> {
  let cachedList: { at: number; rows: ModelRow[] } | undefined
  return async () => {
    const at = now().getTime()
    if (cachedList !== undefined && at - cachedList.at < ASK_AGAIN_MS) return cachedList.rows
    const rows = await askedRows(stages, now())
    cachedList = rows.every(({ trouble }) => trouble === null) ? { at, rows } : undefined
    return rows
  }
}

function askedRows(stages: DashboardStages, now: Date): Promise<ModelRow[]> {
  const requests = new Map<string, Promise<ModelList>>()
  return Promise.all(
    stages.map(async (stage) => {
      const key = JSON.stringify([stage.baseUrl, stage.apiKey])
      const list = requests.get(key) ?? listModels(stage)
      requests.set(key, list)
      return list.then(
        (models) => rowOf(stage, models, now),
        // That a server cannot be asked is what its row says.
        (error: unknown) => ({ ...nothingOf(stage), trouble: `no answer: ${codeOf(error)}` }),
      )
    }),
  )
}

function rowOf(stage: DashboardStage, { statusCode, models }: ModelList, now: Date): ModelRow {
  if (statusCode === 401 || statusCode === 403) {
    return { ...nothingOf(stage), trouble: `the key is refused (${statusCode})` }
  }
  const date = models.find(({ id }) => id === stage.model)?.shutdownDate
  const days = date === undefined ? undefined : daysUntil(date, now)
  if (date === undefined || days === undefined) return nothingOf(stage)
  return {
    ...nothingOf(stage),
    shutdownDate: date,
    daysLeft: days,
    successor: successorOf(stage.model) ?? null,
  }
}

function nothingOf({ stage, model }: DashboardStage): ModelRow {
  return { stage, model, shutdownDate: null, daysLeft: null, successor: null, trouble: null }
}
