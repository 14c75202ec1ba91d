import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { text } from '../../../lib/bot/texts/texts.ts'
import { violatedInvariants } from '../../rigs/invariants.ts'
import { expectReplaced, question, tap, withButton } from '../../support/buttons.ts'
import {
  eventually,
  inChatOf,
  type Person,
  RECORDED,
  sendRecorded,
  startWholeBot,
  voiceNotes,
  type WholeBot,
} from '../../support/whole-bot.ts'

let bot: WholeBot
beforeAll(async () => {
  bot = await startWholeBot({}, { isTerse: true, waitsPass: true })
})
afterAll(() => bot.stop())

const WITHDRAWN = `↩️ ${text('uk', 'retake.withdrawn')}\n\n${RECORDED.shop.text}`

const OTHER_WORDS = 'Dneska je venku moc hezky.'
const BAD_GATEWAY = { kind: 'error', status: 502 } as const

/** Says of a lesson that something else was said, and then that it was none, until the verdict has gone. */
async function takesBack(olena: Person): Promise<void> {
  await eventually(() => void withButton(olena, 'lesson-retake'))
  tap(olena, 'lesson-retake', withButton(olena, 'lesson-retake'))
  await eventually(() => void withButton(olena, 'lesson-withdraw'))
  tap(olena, 'lesson-withdraw', withButton(olena, 'lesson-withdraw'))
  await eventually(() => expect(olena.read().filter((line) => line.includes('🎯'))).toEqual([]))
}

function buttonsOf(olena: Person) {
  return olena.seen().flatMap(({ buttons }) => buttons)
}

/** A learner who has taken a lesson back while its reply is spoken; `release` lets that end. */
async function withdrawWhileSpoken(): Promise<{ olena: Person; release: () => void }> {
  const olena = await bot.learner('uk')
  const release = bot.hold('speak')
  sendRecorded(olena, 'shop')
  await takesBack(olena)
  expect(olena.read()[0]).toBe(WITHDRAWN)
  return { olena, release }
}

test('the voice note of a lesson that is withdrawn while it is spoken has no buttons', async () => {
  const { olena, release } = await withdrawWhileSpoken()
  release()
  await bot.settled()
  expect(voiceNotes(olena)).toMatchObject([{ buttons: [] }])
  expect(await bot.jobsOf(olena)).toMatchObject([{ state: 'done' }])
})

test('a lesson that is withdrawn before its voice note is sent shows neither verdict nor voice note when its job is resumed', async () => {
  const { olena, release } = await withdrawWhileSpoken()
  const outage = bot.telegram.failNext(inChatOf(olena, 'sendVoice'), BAD_GATEWAY, 1)
  release()
  await bot.settled()
  expect(outage.remaining()).toBe(0)
  expect(await bot.jobsOf(olena)).toMatchObject([{ state: 'done' }])
  expect(olena.read()[0]).toBe(WITHDRAWN)
  expect(voiceNotes(olena)).toEqual([])
  expect(olena.read().filter((line) => line.includes('🎯'))).toEqual([])
  expect(await olena.ledger()).toMatchObject({ stars: 0, places: ['unheard 1'] })
  expect(await violatedInvariants(bot.db)).toEqual([])
})

test('the buttons of such a voice note are taken away by the next run where Telegram did not do it at once', async () => {
  const { olena, release } = await withdrawWhileSpoken()
  const isKeyboardEdit = inChatOf(olena, 'editMessageReplyMarkup')
  const outage = bot.telegram.failNext(isKeyboardEdit, BAD_GATEWAY, 1)
  release()
  await bot.settled()
  expect(outage.remaining()).toBe(0)
  expect(voiceNotes(olena)).toMatchObject([{ buttons: [] }])
  expect(await bot.jobsOf(olena)).toMatchObject([{ state: 'done' }])
})

test('a voice note that is noted after a press has looked its lesson up loses its buttons, too', async () => {
  const olena = await bot.learner('uk')
  sendRecorded(olena, 'shop')
  await bot.settled()
  const [note] = voiceNotes(olena)
  await bot.db.updateTable('lesson').set({ reply_message_id: null }).execute()
  await sql`
    create function note_reply() returns trigger language plpgsql as $$
      begin
        update lesson set reply_message_id = ${sql.lit(note?.id ?? 0)};
        return new;
      end $$`.execute(bot.db)
  await sql`create trigger late_note after insert on journal for each row
    when (new.step = 'lesson-before') execute function note_reply()`.execute(bot.db)
  await takesBack(olena)
  await bot.settled()
  await sql`drop function note_reply cascade`.execute(bot.db)
  expect(buttonsOf(olena)).toEqual([])
})

/** A learner who takes a lesson back while other words for it are answered; the first `failures` answers fail. */
async function withdrawingRetake(
  failures: number,
): Promise<{ olena: Person; release: () => void }> {
  const olena = await bot.learner('uk')
  sendRecorded(olena, 'shop')
  await bot.settled()
  tap(olena, 'lesson-retake', withButton(olena, 'lesson-retake'))
  await bot.settled()
  const release = bot.hold('reply')
  if (failures > 0) bot.openai.failNext('reply', { kind: 'server-error' }, failures)
  olena.says(OTHER_WORDS, { reply_to_message: question(olena).message })
  await eventually(async () => expect((await olena.ledger()).places).toContain('unheard 1'))
  tap(olena, 'lesson-withdraw', withButton(olena, 'lesson-withdraw'))
  await eventually(() => expect(olena.read()[0]).toBe(WITHDRAWN))
  return { olena, release }
}

test('other words for a lesson that is withdrawn while they are answered leave a voice note without buttons', async () => {
  const { olena, release } = await withdrawingRetake(0)
  release()
  await bot.settled()
  expect(buttonsOf(olena)).toEqual([])
  expect(await olena.ledger()).toMatchObject({ stars: 0, places: ['unheard 2', 'unheard 1'] })
  expect(await violatedInvariants(bot.db)).toEqual([])
})

test('other words for a lesson that is withdrawn between two runs of their job become no lesson beyond the plan', async () => {
  const { olena, release } = await withdrawingRetake(4)
  release()
  await bot.settled()
  expect(await olena.ledger()).toMatchObject({
    lessons: [RECORDED.shop.text],
    places: ['unheard 2', 'unheard 1'],
  })
  expect(buttonsOf(olena)).toEqual([])
  expect(await violatedInvariants(bot.db)).toEqual([])
})

/** A learner whose lesson was shown and spoken by a job that died before it could note where. */
async function withUnnotedLesson(): Promise<Person> {
  const olena = await bot.learner('uk')
  sendRecorded(olena, 'shop')
  await bot.settled()
  const lesson = await bot.db
    .updateTable('lesson')
    .set({ verdict_message_id: null, verdict_progress: null, reply_message_id: null })
    .where('learner_id', '=', (eb) =>
      eb.selectFrom('learner').select('id').where('telegram_id', '=', olena.id),
    )
    .returning('job_id')
    .executeTakeFirstOrThrow()
  const [verdict, note] = olena.seen()
  const steps = { heard: verdict?.id, voice: { messageId: note?.id, fileId: null } }
  const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify({ value }))
  for (const [step, value] of Object.entries(steps))
    await sql`insert into journal (job_id, step, state, sends, value)
      values (${lesson.job_id}, ${step}, 'done', 1, ${encode(value)})`.execute(bot.db)
  await sql`update inbox set state = 'dead' where id = ${lesson.job_id}`.execute(bot.db)
  return olena
}

test('a lesson whose job died before it noted its messages loses their buttons when it is withdrawn', async () => {
  const olena = await withUnnotedLesson()
  await takesBack(olena)
  await bot.settled()
  expect(buttonsOf(olena)).toEqual([])
})

test('a lesson whose job died before it noted its messages is marked as replaced, without buttons', async () => {
  const olena = await withUnnotedLesson()
  tap(olena, 'lesson-retake', withButton(olena, 'lesson-retake'))
  await bot.settled()
  olena.says(OTHER_WORDS, { reply_to_message: question(olena).message })
  await bot.settled()
  expectReplaced(olena, RECORDED.shop.text)
})

/** A learner who has put a sentence right, and takes its lesson back while Telegram has yet to answer a call. */
async function tryingAndWithdrawing(
  method: string,
): Promise<{ olena: Person; release: () => void }> {
  const olena = await bot.learner('uk')
  await bot.deps.learners.choose(olena.id, { answersToMistakes: 'try_first' })
  sendRecorded(olena, 'shop')
  await bot.settled()
  const release = bot.holdTelegram(inChatOf(olena, method))
  olena.says('Včera jsem šel do obchodu a koupil jsem chleba.')
  await takesBack(olena)
  return { olena, release }
}

test('the voice note behind a hint has no buttons where the lesson is withdrawn while it is sent', async () => {
  const { olena, release } = await tryingAndWithdrawing('sendVoice')
  release()
  await bot.settled()
  expect(voiceNotes(olena)).toHaveLength(1)
  expect(buttonsOf(olena)).toEqual([])
})

test('an attempt at a lesson that is withdrawn before its voice note comes is no lesson when its job is resumed', async () => {
  const { olena, release } = await tryingAndWithdrawing('editMessageReplyMarkup')
  const outage = bot.telegram.failNext(inChatOf(olena, 'sendVoice'), BAD_GATEWAY, 1)
  release()
  await bot.settled()
  expect(outage.remaining()).toBe(0)
  expect(await olena.ledger()).toMatchObject({ stars: 0, lessons: [RECORDED.shop.text] })
  expect(voiceNotes(olena)).toEqual([])
  expect(buttonsOf(olena)).toEqual([])
})
