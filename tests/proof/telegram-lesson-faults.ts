import {
  A_DAY,
  type Expectation,
  expectLesson,
  expectNoLesson,
  type FaultRow,
  FOR_GOOD,
} from './fault-row.ts'
import {
  answers,
  BAD_ENTITIES,
  BLOCKED,
  busy,
  type Case,
  casesOfSending,
  FIREWALL,
  GIVEN_UP,
  GIVEN_UP_AFTER_A_DAY,
  HANG,
  LEFT_ALONE,
  NO_RIGHTS,
  NOT_FOUND,
  NOT_MODIFIED,
  NOT_SENT,
  PAGE,
  POSTPONED,
  POSTPONED_LONG,
  REJECTED,
  REPEATED,
  rejects,
  resets,
  rowsOf,
  SENT_AGAIN,
  SERVER_ERROR,
  UNAUTHORIZED,
  WAITED,
} from './telegram-injections.ts'

const VOICE_AFTERWARDS: Case[4] = { hold: { stage: 'speak', until: 'verdict.score' } }
const VOICE_AFTER_DEADLINE: Case[4] = {
  hold: { stage: 'speak', until: 'the deadline has passed' },
}

/** The verdict as a message of its own, since there was none to edit. */
const OF_ITS_OWN = ['voice', 'verdict.score'] as const satisfies Expectation['sights']
const VOICE_ALONE = expectLesson({
  sights: ['voice'],
  job: 'dead',
  // The transcript and the verdict four times, and the word about the delay from the fourth run on.
  duplicates: 3,
  calls: { sendMessage: 12 },
  waits: [2, 2, 60, 900, 60, 900],
  logCounts: { processing_error: 7, duplicate_possible: 8, job_dead: 1, apology_failed: 4 },
})
const SENT_THREE_TIMES = {
  duplicates: 1,
  waits: [2, 60],
  logCounts: { processing_error: 2, duplicate_possible: 2 },
}
const HEARD_TWICE = expectLesson({
  sights: ['verdict.heard', 'voice', 'verdict.heard', 'verdict.score'],
  ...SENT_THREE_TIMES,
})

// biome-ignore format: a case a line
const HEARD = rowsOf('sendMessage', 'sends a voice note', [
  ...casesOfSending(
    expectLesson,
    {
      sights: ['verdict.score', 'voice'],
      late: [...OF_ITS_OWN],
      twice: ['verdict.heard', ...OF_ITS_OWN],
    },
    {
      inTime: { hold: { stage: 'reply', until: 'verdict.heard' } },
      atDeadline: { hold: { stage: 'reply', until: 'the deadline has passed' } },
    },
  ),
  ['500 for good: the voice is all that comes', SERVER_ERROR, FOR_GOOD, VOICE_ALONE],
  ['unknowable twice: it comes a third time, and becomes the verdict', resets('after'), 2, HEARD_TWICE],
  ["can't parse entities: it comes as plain text", BAD_ENTITIES, 1, expectLesson({ calls: { sendMessage: 2 } })],
  ['400: the verdict comes all the same', NO_RIGHTS, 1, expectLesson(), VOICE_AFTERWARDS],
  ['400 with an odd JSON: the verdict comes all the same', answers(400, '{"ok":"no"}'), 1, expectLesson(), VOICE_AFTERWARDS],
  ['400 to the verdict, too', NO_RIGHTS, 2, expectLesson({ sights: ['voice', 'failure.unshown'], ...REJECTED })],
])

const WRITTEN = { requests: { transcribe: 0 } }

// biome-ignore format: a case a line
const VERDICT_OF_TEXT = rowsOf('sendMessage', 'sends a text', [
  ...casesOfSending(
    (changes) => expectLesson({ ...changes, ...WRITTEN }),
    {
      sights: ['verdict.score', 'voice'],
      late: ['voice', 'verdict.score'],
      twice: ['verdict.score', 'voice', 'verdict.score'],
    },
    { inTime: VOICE_AFTERWARDS, atDeadline: VOICE_AFTER_DEADLINE },
  ),
  ["can't parse entities: it comes as plain text", BAD_ENTITIES, 1, expectLesson({ ...WRITTEN, calls: { sendMessage: 2 } }), VOICE_AFTERWARDS],
  ['400', NO_RIGHTS, 1, expectLesson({ ...WRITTEN, sights: ['voice', 'failure.unshown'], ...REJECTED })],
  ['unknowable twice: sent a third time', resets('after'), 2, expectLesson({
    ...WRITTEN, sights: ['verdict.score', 'voice', 'verdict.score', 'verdict.score'], ...SENT_THREE_TIMES }), VOICE_AFTERWARDS],
  ['unknowable four times: sent four times and no more', resets('after'), 4, expectLesson({
    ...WRITTEN, sights: ['verdict.score', 'voice', 'verdict.score', 'verdict.score', 'verdict.score', 'failure.unshown'], ...GIVEN_UP }), VOICE_AFTERWARDS],
])

const UNTOUCHED = expectLesson({ sights: ['verdict.heard', 'voice'] })
const ANEW = expectLesson({ sights: ['verdict.heard', 'verdict.score', 'voice'] })

// biome-ignore format: a case a line
const VERDICT = rowsOf('editMessageText', 'sends a voice note', [
  ['429, wait 3 s', busy(3), 1, expectLesson(WAITED)],
  ['429, wait 30 s', busy(30), 1, expectLesson(POSTPONED)],
  ['429, wait an hour: tried again after 15 min', busy(3_600), 1, expectLesson(POSTPONED_LONG)],
  ['500', SERVER_ERROR, 1, expectLesson(REPEATED)],
  ['502 with a page', PAGE, 1, expectLesson(REPEATED)],
  ['500 for a day', SERVER_ERROR, A_DAY, expectLesson({ sights: ['verdict.heard', 'voice', 'failure.unshown'], ...GIVEN_UP_AFTER_A_DAY })],
  ['reset before the edit', resets('before'), 1, expectLesson(REPEATED)],
  ['reset after the edit', resets('after'), 1, expectLesson(REPEATED)],
  ['reset in the answer', resets('midway'), 1, expectLesson(REPEATED)],
  ['hangs before the edit', HANG, 1, expectLesson(REPEATED), VOICE_AFTER_DEADLINE],
  ['hangs after the edit', { kind: 'hang', when: 'after' }, 1, expectLesson(REPEATED), VOICE_AFTER_DEADLINE],
  ['403: the bot has been blocked meanwhile', BLOCKED, 1, expectLesson({ sights: ['verdict.heard', 'voice'], ...LEFT_ALONE })],
  ['401', UNAUTHORIZED, 1, expectLesson(NOT_SENT)],
  ['403 with the page of a firewall', FIREWALL, 1, expectLesson(REPEATED)],
  ['200 with a page', answers(200, '<html>Log in to the WLAN</html>'), 1, expectLesson(REPEATED)],
  ["can't parse entities: it comes as plain text", BAD_ENTITIES, 1, expectLesson({ calls: { editMessageText: 2 } })],
  ['not modified: it has been done', NOT_MODIFIED, 1, UNTOUCHED],
  ['not found: the learner has deleted it, and sees the verdict anew', NOT_FOUND, 1, ANEW, VOICE_AFTERWARDS],
  ["can't be edited: the verdict is a message of its own", rejects("message can't be edited"), 1, ANEW, VOICE_AFTERWARDS],
  ['400: the verdict is a message of its own', NO_RIGHTS, 1, ANEW, VOICE_AFTERWARDS],
])

const NO_VOICE = expectLesson({
  sights: ['verdict.score', 'failure.unshown'],
  calls: { sendVoice: 4 },
  ...GIVEN_UP,
})
const FOUR_VOICES: Expectation = {
  ...NO_VOICE,
  sights: ['verdict.score', 'voice', 'voice', 'voice', 'voice', 'failure.unshown'],
}
const IN_WRITING = expectLesson({ sights: ['verdict.score', 'reply.speechFailed'] })
const FORBIDDEN = rejects('VOICE_MESSAGES_FORBIDDEN')
const RESTRICTED = rejects('user restricted receiving of voice note messages')

// biome-ignore format: a case a line
const VOICE = rowsOf('sendVoice', 'sends a voice note', [
  ...casesOfSending(
    expectLesson,
    { sights: ['verdict.score', 'voice'], twice: ['verdict.score', 'voice', 'voice'] },
    { atDeadline: { deadlineAfter: 'verdict.score' } },
  ),
  ['500 for good: tried four times', SERVER_ERROR, FOR_GOOD, NO_VOICE],
  ['unknowable for good: sent four times and no more', resets('after'), FOR_GOOD, FOUR_VOICES],
  ['403: the bot has been blocked meanwhile', BLOCKED, 1, expectLesson({ sights: ['verdict.score'], ...LEFT_ALONE })],
  ['forbidden: it is a sound file', FORBIDDEN, 1, expectLesson({ sights: ['verdict.score', 'file'] })],
  ['forbidden, in the words of the Bot API server: it is a sound file', RESTRICTED, 1, expectLesson({ sights: ['verdict.score', 'file'] })],
  ['400: the reply comes in writing', rejects('wrong file identifier specified'), 1, IN_WRITING],
  ['413: the reply comes in writing', answers(413, '<html>Too Large</html>'), 1, IN_WRITING],
])

const AS_FILE: Expectation['sights'] = ['verdict.score', 'file']
const TWO_FILES = expectLesson({ sights: [...AS_FILE, 'file'], ...SENT_AGAIN })

// biome-ignore format: a case a line
const SOUND_FILE = rowsOf('sendDocument', 'sends a voice note', [
  ['429, wait 3 s', busy(3), 1, expectLesson({ sights: AS_FILE, ...WAITED })],
  ['429, wait 30 s', busy(30), 1, expectLesson({ sights: AS_FILE, ...POSTPONED })],
  ['500', SERVER_ERROR, 1, expectLesson({ sights: AS_FILE, ...SENT_AGAIN })],
  ['reset after it is sent', resets('after'), 1, TWO_FILES],
  ['400: the reply comes in writing', NO_RIGHTS, 1, IN_WRITING],
]).map((row) => ({
  ...row,
  troubles: [{ telegram: 'sendVoice' as const, fault: FORBIDDEN, times: FOR_GOOD }, ...row.troubles],
}))

/** Chat actions are no part of a lesson: it goes on without them. */
// biome-ignore format: a case a line
const RECORDING = rowsOf('sendChatAction', 'sends a voice note', [
  ['429, wait 3 s', busy(3), 1, expectLesson(WAITED)],
  ['429, wait 30 s', busy(30), FOR_GOOD, expectLesson()],
  ['500', SERVER_ERROR, FOR_GOOD, expectLesson()],
  ['502 with a page', PAGE, FOR_GOOD, expectLesson()],
  ['reset', resets('before'), FOR_GOOD, expectLesson()],
  ['400', NO_RIGHTS, FOR_GOOD, expectLesson()],
  ['403', BLOCKED, FOR_GOOD, expectLesson()],
  ['401', UNAUTHORIZED, FOR_GOOD, expectLesson()],
  ['200 with a page', answers(200, '<html>'), FOR_GOOD, expectLesson()],
])

const APOLOGY_FAILED = { job_dead: 1, apology_failed: 1 }

/** No message can be sent: the lesson is recorded all the same, and sending ends. */
// biome-ignore format: a case a line
const SILENT = rowsOf('any', 'sends a voice note', [
  ['403: the learner has blocked the bot', BLOCKED, FOR_GOOD, expectLesson({
    sights: [], calls: { sendMessage: 1, sendVoice: 1, editMessageText: 0 }, ...LEFT_ALONE })],
  ['400: there is no such chat', rejects('chat not found'), FOR_GOOD, expectLesson({
    sights: [], job: 'left', logCounts: { processing_error: 1 } })],
  ['401: the token is wrong for a day', UNAUTHORIZED, A_DAY, expectLesson({
    sights: [], job: 'dead', waits: [4, 16], logCounts: { processing_error: 4, ...APOLOGY_FAILED } })],
  ['429 for good: given up after a day', busy(3_600), FOR_GOOD, expectLesson({
    sights: [], job: 'dead', waits: Array(96).fill(900), logCounts: { processing_error: 97, ...APOLOGY_FAILED } })],
])

/** A refusal of ours is a message like any other: what was heard is not listened to again. */
const REFUSAL = rowsOf(
  'sendMessage',
  'sends silence',
  casesOfSending(
    (changes) =>
      expectNoLesson({
        ...changes,
        gain: 'nothing, but it was listened to',
        requests: { transcribe: 1 },
      }),
    { sights: ['voice.silence'], twice: ['voice.silence', 'voice.silence'] },
  ),
)

/** Faults of Telegram while the messages of a lesson are sent. */
export const TELLING_FAULTS: FaultRow[] = [
  ...HEARD,
  ...VERDICT,
  ...VERDICT_OF_TEXT,
  ...VOICE,
  ...SOUND_FILE,
  ...RECORDING,
  ...SILENT,
  ...REFUSAL,
]
