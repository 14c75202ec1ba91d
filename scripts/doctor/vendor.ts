import { pgVendorTraits } from '../../lib/adapters/postgres/vendor-traits.ts'
import { ConfigError } from '../../lib/config/environment.ts'
import { isPriced, type Prices } from '../../lib/domain/lesson/prices.ts'
import { VENDORS } from '../studio/openai/vendors/vendors.ts'
import { type Check, type Finding, ok, unseen, warn } from './check.ts'
import type { Facts } from './facts.ts'
import { type AskedStage, stagesOf, together } from './providers.ts'

const STAGE = { STT: 'transcribe', CHAT: 'reply', TTS: 'speak' } as const

/** What each stage's server can and cannot: by its pages, as we know them, and by what it refused within a day. */
export const vendor: Check = {
  async look(facts) {
    if (facts.config instanceof ConfigError) return unseen('config')
    const { prices } = facts.config
    const learnedTraits = await learnedRefusals(facts)
    return together(
      stagesOf(facts.config).map((stage) => ({
        stage,
        finding: abilities(stage, learnedTraits(stage), prices),
      })),
    )
  },
}

async function learnedRefusals({ database }: Facts): Promise<(stage: AskedStage) => string[]> {
  // Without the database, what the pages say is all that is known; `database` says the rest.
  const traits = await database
    .open()
    .then(({ db }) => pgVendorTraits(db).load())
    .catch(() => [])
  return ({ name, baseUrl, model }) =>
    traits
      .filter(
        (trait) =>
          trait.stage === STAGE[name] &&
          trait.host === new URL(baseUrl).host &&
          trait.model === model,
      )
      .map(({ refused: trait }) => trait)
}

function abilities(stage: AskedStage, learnedTraits: readonly string[], prices: Prices): Finding {
  const { host } = new URL(stage.baseUrl)
  const vendor = VENDORS.find(({ baseUrl }) => isPublic(baseUrl) && new URL(baseUrl).host === host)
  const traits = [...new Set([...(vendor?.[STAGE[stage.name]]?.learns ?? []), ...learnedTraits])]
  const vendorName = vendor?.name ?? host
  if (stage.name === 'TTS' && traits.includes('response_format=opus')) {
    return warn(
      `${vendorName} has no Opus: its WAV, PCM or MP3 is encoded here, which takes longer`,
      'nothing to mend; for a faster voice set TTS_BASE_URL and TTS_API_KEY to a vendor with Opus',
    )
  }
  if (stage.name === 'CHAT' && traits.includes('response_format=json_schema')) {
    return warn(
      `${vendorName} has no structured output: the schema is asked for in words, and more answers are repaired`,
      'nothing to mend; for surer corrections set CHAT_BASE_URL and CHAT_API_KEY to a vendor with json_schema',
    )
  }
  if (!isPriced(stage.model, prices)) {
    return warn(
      `the price of ${stage.model} is not known: budgets count an estimate`,
      'give its price in a file, and set PRICES_FILE to it',
    )
  }
  const manner = traits.length === 0 ? 'takes what we ask' : `goes without ${traits.join(', ')}`
  return ok(`${vendorName} ${manner}`)
}

/** Many servers of one's own have the same address on a machine. */
function isPublic(baseUrl: string): boolean {
  return !/\/\/(localhost|127\.)/.test(baseUrl)
}
