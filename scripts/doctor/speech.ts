import { randomUUID } from 'node:crypto'
import { inspectAudio } from '../../lib/adapters/audio/file.ts'
import { speakerFor } from '../../lib/adapters/openai/speech/speaker.ts'
import { volatileTraits } from '../../lib/adapters/openai/vendor-traits.ts'
import { chargeOutsideJobs } from '../../lib/adapters/postgres/usage.ts'
import { NO_CACHE } from '../../lib/app/cache.ts'
import type { Usage } from '../../lib/app/usage.ts'
import { ConfigError } from '../../lib/config/environment.ts'
import { type Check, fail, ok, unseen } from './check.ts'
import { SILENT } from './facts.ts'

const SENTENCE = 'Dobrý den!'
const TIMEOUT_MS = 4_500

/** Speaks a sentence by the voice of lessons, where that may be paid for; charged in the ledger as any call is. */
export const speech: Check = {
  needs: ['openai-key'],
  async look(facts) {
    const { config, database, now, sleep } = facts
    if (config instanceof ConfigError) return unseen('config')
    if (!facts.isPaid) return ok('not tried: --paid tries it, for a fraction of a cent')
    const traits = volatileTraits(now, SILENT)
    const tools = { log: SILENT, now, sleep, random: Math.random, traits, cache: NO_CACHE }
    const speaker = speakerFor({ endpoint: config.tts, ...config.tts, ...tools })
    const charges: Usage[] = []
    const work = {
      signal: AbortSignal.timeout(TIMEOUT_MS),
      charge: (usage: Usage) => void charges.push(usage),
      run: undefined,
    }
    try {
      const { ogg } = await speaker.speak([SENTENCE], { character: 'honzik', speedFactor: 1 }, work)
      const file = await inspectAudio(ogg)
      const cost = charges.reduce((sum, { costMicroUsd }) => sum + (costMicroUsd ?? 0), 0)
      return file?.format === 'ogg' && file.codec === 'opus'
        ? ok(`Ogg/Opus, ${file.durationSeconds.toFixed(1)} s, for $${(cost / 1e6).toFixed(6)}`)
        : fail('what came is no Ogg/Opus', 'set TTS_MODEL to another model')
    } catch (error) {
      // That it does not speak is the finding.
      const description = error instanceof Error ? error.message : String(error)
      return fail(description, 'check TTS_MODEL, TTS_VOICE_HONZIK and TTS_BASE_URL', 'openai-key')
    } finally {
      const entries = charges.map((usage) => ({
        ...usage,
        step: 'doctor' as const,
        callId: randomUUID(),
      }))
      // Without the database there is no ledger to write: `database` says so.
      await database
        .open()
        .then(({ db }) => chargeOutsideJobs(db, entries))
        .catch(() => {})
    }
  },
}
