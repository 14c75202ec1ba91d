import { telegramSender } from './scenario-senders.ts'
import {
  awaitMessage,
  isVerdict,
  isVoice,
  LESSON_WRITE,
  newcomer,
  ONE_LESSON,
  register,
  SAID,
  type Scenario,
  VOICE_SEND,
} from './scenario-steps.ts'
import type { Pair } from './takeover-pair.ts'
import { until } from './takeover-watch.ts'

const CACHE_ON = { CACHE_MAX_MB: '200' }

/**
 * A lesson whose process finds its speech in the cache, or asks for it where a busy database does not say so in time; the
 * survivor, which has no cache, pays for what is not stored by then.
 */
export const CACHED_LESSON: Scenario = {
  name: 'text lesson with cached speech',
  async prepare(pair, id) {
    await fillCache(pair)
    const learner = await register(pair, id)
    return telegramSender(pair.world, learner, () => learner.says(SAID))
  },
  env: CACHE_ON,
  pays: { reply: LESSON_WRITE, speak: VOICE_SEND },
  sends: { verdict: isVerdict, voice: isVoice },
  shows: {},
  leaves: { ...ONE_LESSON, lessons: ['text'], places: ['text 1'] },
}

/** Has an instance with a cache give the same lesson, once for each pair. */
async function fillCache(pair: Pair): Promise<void> {
  const { world } = pair
  const isFull = async () => {
    const entries = await world.db.selectFrom('cache').select('key').execute()
    return entries.length > 0
  }
  if (await isFull()) return
  // Entries are of one provider.
  const filler = await world.start({ ...CACHE_ON, OPENAI_BASE_URL: pair.victimsProvider.url })
  world.deliverTo(filler)
  const learner = newcomer(pair, pair.nextId())
  learner.says(SAID)
  await awaitMessage(pair, learner, isVoice)
  await until(isFull)
  await filler.end('SIGTERM')
}
