import { type Expected, type FaultRow, FOR_GOOD, type Sight, untaught } from './fault-row.ts'
import {
  BAD_ENTITIES,
  BLOCKED,
  busy,
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
  SIX_TIMES,
  sending,
  UNAUTHORIZED,
  WAITED,
} from './telegram-injections.ts'

const ASKED: Sight[] = ['welcome.new', 'native.choose']
const APOLOGY_FAILED = { apology_failed: 1 }
const NOT_WELCOMED = untaught({
  seen: [],
  ...GIVEN_UP,
  logged: { ...GIVEN_UP.logged, ...APOLOGY_FAILED },
})

// biome-ignore format: a case a line
const WELCOME = rowsOf('sendMessage', 'begins with /start', [
  ...sending(untaught, { seen: ASKED, twice: ['welcome.new', ...ASKED] }),
  ["can't parse entities: it comes as plain text", BAD_ENTITIES, 1, untaught({ seen: ASKED, calls: { sendMessage: 3 } })],
  ['403: the stranger has blocked the bot', BLOCKED, FOR_GOOD, untaught({ seen: [], ...LEFT_ALONE })],
  ['500 for good: tried twice', SERVER_ERROR, FOR_GOOD, NOT_WELCOMED],
])

/** A language has been chosen: the question has become the choice, and the next one is asked. */
const CHOSEN: Sight[] = ['welcome.new', 'native.chosen', 'level.choose']

function chosen(more: Partial<Expected> = {}): Expected {
  return untaught({ seen: CHOSEN, pressed: ['done'], ...more })
}

// biome-ignore format: a case a line
const NEXT_QUESTION = rowsOf('sendMessage', 'chooses a language', [
  ...sending(chosen, { seen: CHOSEN, twice: [...CHOSEN, 'level.choose'] }),
  ['403: the stranger has blocked the bot', BLOCKED, FOR_GOOD, chosen({
    seen: ['welcome.new', 'native.chosen'], pressed: [], ...LEFT_ALONE })],
])

// biome-ignore format: a case a line
const CHOICE = rowsOf('editMessageText', 'chooses a language', [
  ['429, wait 3 s', busy(3), 1, chosen(WAITED)],
  ['429, wait 30 s', busy(30), 1, chosen(POSTPONED)],
  ['500', SERVER_ERROR, 1, chosen(REPEATED)],
  ['reset after the edit', resets('after'), 1, chosen(REPEATED)],
  ['hangs', HANG, 1, chosen(REPEATED)],
  ['not found: the stranger has deleted it', NOT_FOUND, 1, chosen({ seen: [...ASKED, 'level.choose'] })],
  ["can't parse entities: it comes as plain text", BAD_ENTITIES, 1, chosen()],
  ['400: they are to press once more', NO_RIGHTS, 1, chosen({ seen: ASKED, pressed: ['failure.press'], ...REJECTED })],
])

const TOO_OLD = rejects('query is too old and response timeout expired or query ID is invalid')
const SPINNING = chosen({
  pressed: [],
  ...SIX_TIMES,
  logged: { ...SIX_TIMES.logged, ...APOLOGY_FAILED },
})

// biome-ignore format: a case a line
const PRESS = rowsOf('answerCallbackQuery', 'chooses a language', [
  ['429, wait 3 s', busy(3), 1, chosen(WAITED)],
  ['429, wait 30 s', busy(30), 1, chosen(POSTPONED)],
  ['500', SERVER_ERROR, 1, chosen(REPEATED)],
  ['502 with a page', PAGE, 1, chosen(REPEATED)],
  ['500 for good: all is done but the spinner', SERVER_ERROR, FOR_GOOD, SPINNING],
  ['reset before the effect', resets('before'), 1, chosen(REPEATED)],
  ['reset after the effect', resets('after'), 1, chosen({ pressed: ['done', 'done'], ...REPEATED })],
  ['hangs', HANG, 1, chosen(REPEATED)],
  ['too old: nobody waits for it', TOO_OLD, 1, chosen({ pressed: [] })],
  ['401', UNAUTHORIZED, 1, chosen(NOT_SENT)],
])

function turned(more: Partial<Expected> = {}): Expected {
  return untaught({ seen: ASKED, pressed: ['done'], ...more })
}

// biome-ignore format: a case a line
const PAGES = rowsOf('editMessageReplyMarkup', 'turns the page', [
  ['429, wait 3 s', busy(3), 1, turned(WAITED)],
  ['429, wait 30 s', busy(30), 1, turned(POSTPONED)],
  ['500', SERVER_ERROR, 1, turned(REPEATED)],
  ['reset after the edit', resets('after'), 1, turned(REPEATED)],
  ['not modified: it has been done', NOT_MODIFIED, 1, turned()],
  ['not found: the stranger has deleted it', NOT_FOUND, 1, turned()],
])

const READY: Sight[] = ['welcome.new', 'native.chosen', 'level.chosen', 'welcome.ready']

const INVITATION = rowsOf(
  'sendMessage',
  'chooses a level',
  sending((more) => untaught({ pressed: ['done', 'done'], ...more }), {
    seen: READY,
    twice: [...READY, 'welcome.ready'],
  }),
)

/** Faults of Telegram while somebody gets to know the bot. */
export const ONBOARDING_FAULTS: FaultRow[] = [
  ...WELCOME,
  ...NEXT_QUESTION,
  ...CHOICE,
  ...PRESS,
  ...PAGES,
  ...INVITATION,
]
