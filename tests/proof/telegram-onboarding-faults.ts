import {
  A_DAY,
  type Expectation,
  expectNoLesson,
  type FaultRow,
  FOR_GOOD,
  type Sight,
} from './fault-row.ts'
import {
  BAD_ENTITIES,
  BLOCKED,
  busy,
  casesOfSending,
  GIVEN_UP,
  HANG,
  LEFT_ALONE,
  NO_RIGHTS,
  NOT_FOUND,
  NOT_MODIFIED,
  NOT_SENT,
  PAGE,
  POSTPONED,
  REJECTED,
  REPEATED,
  rejects,
  resets,
  rowsOf,
  SERVER_ERROR,
  UNAUTHORIZED,
  WAITED,
} from './telegram-injections.ts'

const ASKED: Sight[] = ['welcome.new', 'native.choose']
const APOLOGY_FAILED = { apology_failed: 1 }
const NOT_WELCOMED = expectNoLesson({
  sights: [],
  ...GIVEN_UP,
  logCounts: { ...GIVEN_UP.logCounts, ...APOLOGY_FAILED },
})

// biome-ignore format: a case a line
const WELCOME = rowsOf('sendMessage', 'begins with /start', [
  ...casesOfSending(expectNoLesson, { sights: ASKED, twice: ['welcome.new', ...ASKED] }),
  ["can't parse entities: it comes as plain text", BAD_ENTITIES, 1, expectNoLesson({ sights: ASKED, calls: { sendMessage: 3 } })],
  ['403: the stranger has blocked the bot', BLOCKED, FOR_GOOD, expectNoLesson({ sights: [], ...LEFT_ALONE })],
  ['500 for good: tried four times', SERVER_ERROR, FOR_GOOD, NOT_WELCOMED],
])

/** A language has been chosen: the question has become the choice, and the next one is asked. */
const CHOSEN: Sight[] = ['welcome.new', 'native.chosen', 'level.choose']

function choiceMade(changes: Partial<Expectation> = {}): Expectation {
  return expectNoLesson({ sights: CHOSEN, pressAnswers: ['done'], ...changes })
}

// biome-ignore format: a case a line
const NEXT_QUESTION = rowsOf('sendMessage', 'chooses a language', [
  ...casesOfSending(choiceMade, { sights: CHOSEN, twice: [...CHOSEN, 'level.choose'] }),
  ['403: the stranger has blocked the bot', BLOCKED, FOR_GOOD, choiceMade({
    sights: ['welcome.new', 'native.chosen'], pressAnswers: [], ...LEFT_ALONE })],
])

// biome-ignore format: a case a line
const CHOICE = rowsOf('editMessageText', 'chooses a language', [
  ['429, wait 3 s', busy(3), 1, choiceMade(WAITED)],
  ['429, wait 30 s', busy(30), 1, choiceMade(POSTPONED)],
  ['500', SERVER_ERROR, 1, choiceMade(REPEATED)],
  ['reset after the edit', resets('after'), 1, choiceMade(REPEATED)],
  ['hangs', HANG, 1, choiceMade(REPEATED)],
  ['not found: the stranger has deleted it', NOT_FOUND, 1, choiceMade({ sights: [...ASKED, 'level.choose'] })],
  ["can't parse entities: it comes as plain text", BAD_ENTITIES, 1, choiceMade()],
  ['400: they are to press once more', NO_RIGHTS, 1, choiceMade({ sights: ASKED, pressAnswers: ['failure.press'], ...REJECTED })],
])

const TOO_OLD = rejects('query is too old and response timeout expired or query ID is invalid')
const SPINNING = choiceMade({
  pressAnswers: [],
  waits: [4, 16],
  logCounts: { processing_error: 2 },
})

// biome-ignore format: a case a line
const PRESS = rowsOf('answerCallbackQuery', 'chooses a language', [
  ['429, wait 3 s', busy(3), 1, choiceMade(WAITED)],
  ['429, wait 30 s', busy(30), 1, choiceMade(POSTPONED)],
  ['500', SERVER_ERROR, 1, choiceMade(REPEATED)],
  ['502 with a page', PAGE, 1, choiceMade(REPEATED)],
  ['500 for a day: all is done but the spinner', SERVER_ERROR, A_DAY, SPINNING],
  ['reset before the effect', resets('before'), 1, choiceMade(REPEATED)],
  ['reset after the effect', resets('after'), 1, choiceMade({ pressAnswers: ['done', 'done'], ...REPEATED })],
  ['hangs', HANG, 1, choiceMade(REPEATED)],
  ['too old: Telegram no longer shows the press as waiting', TOO_OLD, 1, choiceMade({ pressAnswers: [] })],
  ['401', UNAUTHORIZED, 1, choiceMade(NOT_SENT)],
])

function pageTurn(changes: Partial<Expectation> = {}): Expectation {
  return expectNoLesson({ sights: ASKED, pressAnswers: ['done'], ...changes })
}

// biome-ignore format: a case a line
const PAGES = rowsOf('editMessageReplyMarkup', 'turns the page', [
  ['429, wait 3 s', busy(3), 1, pageTurn(WAITED)],
  ['429, wait 30 s', busy(30), 1, pageTurn(POSTPONED)],
  ['500', SERVER_ERROR, 1, pageTurn(REPEATED)],
  ['reset after the edit', resets('after'), 1, pageTurn(REPEATED)],
  ['not modified: it has been done', NOT_MODIFIED, 1, pageTurn()],
  ['not found: the stranger has deleted it', NOT_FOUND, 1, pageTurn()],
])

const READY: Sight[] = ['welcome.new', 'native.chosen', 'level.chosen', 'welcome.ready']

const INVITATION = rowsOf(
  'sendMessage',
  'chooses a level',
  casesOfSending((changes) => expectNoLesson({ pressAnswers: ['done', 'done'], ...changes }), {
    sights: READY,
    twice: [...READY, 'welcome.ready'],
  }),
)

/** Faults of Telegram while a stranger answers the questions of /start. */
export const ONBOARDING_FAULTS: FaultRow[] = [
  ...WELCOME,
  ...NEXT_QUESTION,
  ...CHOICE,
  ...PRESS,
  ...PAGES,
  ...INVITATION,
]
