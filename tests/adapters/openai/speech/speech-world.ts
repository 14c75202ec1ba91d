import type { RestSpeakerOptions } from '../../../../lib/adapters/openai/speech/options.ts'
import { volatileTraits } from '../../../../lib/adapters/openai/vendor-traits.ts'
import { NO_CACHE } from '../../../../lib/app/cache.ts'
import type { Log } from '../../../../lib/app/ports.ts'

/** What a speaker needs of the world, with waits that do not wait and a log that can be read. */
export function speechWorld(url: string, model: string) {
  const waits: number[] = []
  const logEntries: { event: string; fields: Record<string, unknown> }[] = []
  const write: Log['info'] = (event, fields = {}) => logEntries.push({ event, fields })
  const log = { debug: write, info: write, warn: write, error: write }
  const options: RestSpeakerOptions = {
    endpoint: { apiKey: 'test-key', baseUrl: url },
    model,
    voices: { honzik: 'cedar', novakova: 'marin' },
    cache: NO_CACHE,
    traits: volatileTraits(() => new Date(), log),
    log,
    sleep: async (ms) => {
      waits.push(ms)
    },
    random: () => 0.5,
  }
  return { options, waits, logEntries }
}
