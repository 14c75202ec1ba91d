import { SLOTS } from '../../../lib/app/jobs/slots.ts'
import type { Learner } from '../../../scripts/studio/telegram/learner.ts'
import { quantile } from '../statistics.ts'
import type { World } from '../world.ts'
import {
  firstUtterance,
  newLearner,
  openLessonWorld,
  sends,
  until,
  withInstance,
} from './lesson-world.ts'
import type { Measured, Part, PartOptions } from './part.ts'

/** How long a press waits while all lessons wait for a provider that says nothing. */
export const TAPS: Part = {
  name: 'taps',
  about:
    'more lessons than slots at a provider that hangs, and a learner who taps: how long until the tap is answered',
  run,
}

const HANGING_LESSONS = SLOTS.lesson + 6
const TAPS_A_RUN = 40
/** Of 95 taps in 100. */
const LIMIT_MS = 1_000

async function run({ runs, latency }: PartOptions): Promise<Measured> {
  const waits: number[] = []
  for (let at = 0; at < (runs ?? 3); at += 1) {
    const world = await openLessonWorld(latency)
    try {
      await withInstance(world, {}, async () => {
        const learner = await newLearner(world, 1)
        await openCard(world, learner)
        await hangLessons(world)
        for (let tap = 0; tap < TAPS_A_RUN; tap += 1) {
          // The first button opens a choice, and the last one of a choice leads back.
          waits.push(await waitOfTap(world, learner, tap % 2 === 0 ? 0 : -1))
        }
      })
    } finally {
      await world.close()
    }
  }
  return {
    figures: [
      { label: 'a tap beside hanging lessons, answered', unit: 'ms', values: waits },
      {
        label: 'the same, 95 in 100',
        unit: 'ms',
        values: [quantile(waits, 0.95)],
        limit: LIMIT_MS,
      },
    ],
    notes: ['From Telegram’s first delivery of the press to its answerCallbackQuery.'],
  }
}

/** Lets a learner ask for what is set, which has buttons. */
async function openCard(world: World, learner: Learner): Promise<void> {
  learner.says('/start')
  await until(world, () => cardOf(world, learner) !== undefined)
}

function cardOf({ telegram }: World, { chat }: Learner) {
  return telegram.chat(chat.id).messages.findLast(({ buttons }) => buttons.length > 0)
}

/** Fills every slot of lessons, and lets as many wait as are left. */
async function hangLessons(world: World): Promise<void> {
  world.openai.failNext('transcribe', { kind: 'hang' }, 1_000)
  for (let count = 0; count < HANGING_LESSONS; count += 1) {
    sends(await newLearner(world, 1_000 + count), 'voice', firstUtterance())
  }
  await until(world, () => world.openai.count('transcribe') >= SLOTS.lesson)
}

/** Milliseconds from Telegram's first delivery of a press of the card's button until it is answered. */
async function waitOfTap(world: World, learner: Learner, button: 0 | -1): Promise<number> {
  const { telegram } = world
  const card = cardOf(world, learner)
  const data = card?.buttons.at(button)?.callback_data
  if (card === undefined || data === undefined) throw new Error('The card has no such button.')
  const { update_id: updateId, callback_query: press } = learner.taps(card.id, data)
  const answer = () =>
    telegram.calls.find(
      ({ method, payload }) =>
        method === 'answerCallbackQuery' && payload.callback_query_id === press.id,
    )
  await until(world, () => answer() !== undefined)
  const delivery = telegram.attempts.find((attempt) => attempt.updateId === updateId)
  return (answer()?.at ?? Number.NaN) - (delivery?.at ?? Number.NaN)
}
