import fc from 'fast-check'
import { lapseLeases } from '../database-clock.ts'
import {
  ask,
  canComeAgain,
  deliverAgain,
  deliverCommand,
  deliverTap,
  deliverText,
  deliverVoice,
  FOREIGN,
  PHRASES,
} from './deliveries.ts'
import { PROVIDER_FAULTS, TELEGRAM_FAULTS } from './faults.ts'
import { deliverDeletion, deliverOtherWords, deliverRetake, deliverWithdrawal } from './retakes.ts'
import { MAX_INSTANCES, type Run } from './run.ts'

/** What decides whether a command is possible. */
export type Model = { isReal: boolean; deliveries: number; apiRequests: number }

export type ModelCommand = fc.AsyncCommand<Model, Run>

type Row = { weight: number; command: fc.Arbitrary<ModelCommand> }

/** A command by its name, how often it is to come up, what it is drawn with and what it does. */
function row<Args>(
  name: string,
  weight: number,
  arbitrary: fc.Arbitrary<Args>,
  run: (run: Run, args: Args, model: Model) => void | Promise<void>,
  isPossible: (model: Model) => boolean = () => true,
): Row {
  const command = arbitrary.map((args) => ({
    check: isPossible,
    async run(model: Model, real: Run) {
      real.count.commands += 1
      await run(real, args, model)
    },
    toString: () => `${name}(${fc.stringify(args)})`,
  }))
  return { weight, command }
}

const NO_ARGS = fc.constant(undefined)
/** Objects as they are written, so that a counterexample can be read. */
const PLAIN = { noNullPrototype: true }
const chatIndex = fc.nat(2)
const phrase = fc.constantFrom(...PHRASES)
const hoursLate = fc.constantFrom(0, 0, 0, 1, 6, 20)
/** How many pieces of its connections a lesson needs: some 200. */
const pieces = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 250 }))
const times = fc.constantFrom(1, 1, 1, 2, 4)
const isReal = ({ isReal }: Model) => isReal
const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** Everything that can be done to the product. A new feature's doings are rows here. */
const COMMANDS: readonly Row[] = [
  row('voice', 4, fc.tuple(chatIndex, phrase, hoursLate), async (run, [at, text, late], model) => {
    const chat = chatOf(run, at)
    await deliverVoice(run, chat, text, { hoursLate: late })
    model.deliveries += 1
  }),
  row(
    'text',
    4,
    fc.record({ at: chatIndex, text: phrase, hoursLate, overtakes: fc.boolean() }, PLAIN),
    (run, { at, text, ...way }, model) => {
      deliverText(run, chatOf(run, at), text, way)
      model.deliveries += 1
    },
  ),
  row(
    'foreign text',
    1,
    fc.tuple(chatIndex, fc.constantFrom(...FOREIGN)),
    (run, [at, text], model) => {
      deliverText(run, chatOf(run, at), text, { hoursLate: 0, overtakes: false })
      model.deliveries += 1
    },
  ),
  row(
    'foreign voice or silence',
    1,
    fc.tuple(chatIndex, fc.constantFrom(null, FOREIGN[0])),
    async (run, [at, text], model) => {
      await deliverVoice(run, chatOf(run, at), text, { hoursLate: 0 })
      model.deliveries += 1
    },
  ),
  row('start', 1, chatIndex, (run, at, model) => {
    deliverCommand(run, chatOf(run, at), '/start')
    model.deliveries += 1
  }),
  // A tap may come next, which turns memory off or on, or forgets a fact.
  row(
    'memory',
    2,
    fc.tuple(chatIndex, fc.constantFrom('/reset', '/memory', '/memory')),
    (run, [at, command], model) => {
      deliverCommand(run, chatOf(run, at), command)
      model.deliveries += 1
    },
  ),
  row('tap', 2, fc.tuple(fc.nat(1), fc.nat(5)), (run, [at, buttonIndex], model) => {
    if (deliverTap(run, chatOf(run, at), buttonIndex)) model.deliveries += 1
  }),
  row('takes back', 3, fc.nat(1), (run, at, model) => {
    if (deliverWithdrawal(run, chatOf(run, at))) model.deliveries += 1
  }),
  row(
    'said something else',
    3,
    fc.record({ at: fc.nat(1), index: fc.nat(3), isOld: fc.boolean() }, PLAIN),
    (run, { at, ...choice }, model) => {
      if (deliverRetake(run, chatOf(run, at), choice)) model.deliveries += 1
    },
  ),
  row(
    'other words',
    5,
    fc.record(
      {
        at: fc.nat(1),
        index: fc.constantFrom(0, 0, 1, 2),
        isVoice: fc.boolean(),
        isCzech: fc.constantFrom(true, true, true, false),
      },
      PLAIN,
    ),
    async (run, { at, ...choice }, model) => {
      model.deliveries += await deliverOtherWords(run, chatOf(run, at), choice)
    },
  ),
  row('deletes all', 1, fc.nat(1), async (run, at, model) => {
    model.deliveries += await deliverDeletion(run, chatOf(run, at))
  }),
  row(
    'tries first',
    2,
    fc.tuple(fc.nat(1), fc.constantFrom('try_first', 'try_first', 'show')),
    async (run, [at, answers_to_mistakes]) => {
      const { id } = chatOf(run, at).learner.user
      const learner = run.world.db.updateTable('learner').set({ answers_to_mistakes })
      await learner.where('telegram_id', '=', id).execute()
    },
  ),
  row(
    'again',
    3,
    fc.record({ index: fc.nat(), isRenumbered: fc.boolean(), overtakes: fc.boolean() }, PLAIN),
    (run, { index, ...way }) => {
      const delivery = run.deliveries[index % run.deliveries.length]
      if (delivery && canComeAgain(run, delivery)) deliverAgain(run, delivery, way)
    },
    ({ deliveries }) => deliveries > 0,
  ),
  row(
    'API lesson',
    2,
    fc.tuple(fc.nat(1), phrase, fc.constantFrom('text', 'voice')),
    async (run, [client, text, kind], model) => {
      await ask(run, `client ${client}`, text, kind)
      model.apiRequests += 1
    },
  ),
  row(
    'API again',
    1,
    fc.nat(),
    (run, index) => {
      const apiRequest = run.apiRequests[index % run.apiRequests.length]
      if (!apiRequest?.canBeAskedAgain()) return
      void apiRequest.ask()
      run.count.duplicates += 1
    },
    ({ apiRequests }) => apiRequests > 0,
  ),
  row(
    'kill',
    3,
    pieces,
    (run, after) =>
      run.atPiece(after, (instance) => {
        run.count.kills += 1
        instance.kill()
      }),
    isReal,
  ),
  row(
    'another instance',
    1,
    NO_ARGS,
    async (run) => {
      if (run.living().length < MAX_INSTANCES) await run.startInstance()
    },
    isReal,
  ),
  row(
    'database connections break',
    1,
    pieces,
    (run, after) =>
      run.atPiece(after, (instance) => {
        run.count.breaks += 1
        instance.breakDatabase()
      }),
    isReal,
  ),
  row('leases lapse', 2, fc.tuple(pieces, fc.nat()), (run, [after, by]) =>
    run.atPiece(after, async () => {
      run.count.lapses += await lapseLeases(run.world.db)
      await sweepBy(run, by)
    }),
  ),
  row(
    'provider fails',
    4,
    fc.tuple(fc.constantFrom(...PROVIDER_FAULTS), times),
    (run, [{ stage, fault }, count]) => run.world.openai.failNext(stage, fault, count),
  ),
  row('provider has no quota', 1, NO_ARGS, ({ world }) => {
    for (const stage of ['transcribe', 'reply', 'speak'] as const)
      world.openai.failAll(stage, { kind: 'quota-exhausted' })
  }),
  row('provider has quota', 1, NO_ARGS, ({ world }) => world.openai.recover()),
  row(
    'Telegram fails',
    4,
    fc.tuple(fc.constantFrom(...TELEGRAM_FAULTS), times),
    (run, [{ method, fault }, count]) =>
      run.arrange(run.world.telegram.failNext(method, fault, count)),
  ),
  row(
    'time passes',
    2,
    fc.constantFrom(5 * SECOND, 25 * SECOND, 5.5 * MINUTE, HOUR, 7 * HOUR, 24 * HOUR, 50 * HOUR),
    async (run, ms) => {
      // Telegram gives up what it could not deliver: a message after a day, a press after 150 s.
      if (ms > MINUTE) await run.world.telegram.settled()
      await run.world.clock.pass(ms)
    },
  ),
  row(
    "instances' clocks jump",
    1,
    fc.constantFrom(-50, -24, -1, -0.1, 0.1, 1, 24, 50),
    async (run, hours) => {
      // Waits take no time here, so that a drain which is waiting would go on for as long as that at once.
      if (hours < -1) await run.quiet()
      run.count.jumps += 1
      run.world.clock.jump(hours * HOUR)
    },
  ),
  row('sweep', 1, fc.nat(), sweepBy),
  row('go on', 3, pieces, async (run, pieceCount) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    run.atPiece(pieceCount, () => resolve())
    await Promise.race([promise, run.quiet()])
  }),
  row('wait', 1, NO_ARGS, (run) => run.quiet()),
]

/** Lists of commands, at most so many. */
export function commandLists(maxCommands: number) {
  const pool = COMMANDS.flatMap(({ weight, command }) =>
    Array<fc.Arbitrary<ModelCommand>>(weight).fill(command),
  )
  return fc.commands<Model, Run, false>(pool, { maxCommands, size: 'max' })
}

function chatOf(run: Run, at: number) {
  const chat = run.chats[at]
  if (chat === undefined) throw new Error(`There is no chat ${at}.`)
  return chat
}

async function sweepBy(run: Run, index: number): Promise<void> {
  const instances = run.living()
  await instances[index % Math.max(1, instances.length)]?.sweep()
}
