import type { Fault } from '../../scripts/studio/telegram/faults.ts'
import { RECORDED } from '../support/whole-bot.ts'
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
  busy,
  type Case,
  FIREWALL,
  GIVEN_UP_AFTER_A_DAY,
  HANG,
  NO_RIGHTS,
  NOT_SENT,
  PAGE,
  POSTPONED,
  POSTPONED_LONG,
  REJECTED,
  REPEATED,
  rejects,
  resets,
  rowsOf,
  SERVER_ERROR,
  UNAUTHORIZED,
  WAITED,
} from './telegram-injections.ts'

const EXPIRED = expectNoLesson({ sights: ['voice.expired'] })
const TOO_BIG = expectNoLesson({ sights: ['voice.tooBig'] })
const DAMAGED = expectNoLesson({ sights: ['voice.damaged'] })
const NEVER_FETCHED = expectNoLesson({ sights: ['failure.dead'], ...GIVEN_UP_AFTER_A_DAY })
/** What the operator has set is no outage. */
const OUT_OF_REACH = expectNoLesson({ sights: ['failure.dead'], ...REJECTED })
const GONE = 'wrong file_id or the file is temporarily unavailable'

function fileAt(path: string | undefined): Fault {
  const result = { file_id: 'f', file_unique_id: 'u', file_path: path }
  return answers(200, JSON.stringify({ ok: true, result }))
}

function leadsElsewhere(path: string): Case {
  return [
    `a path that leads elsewhere: ${path}`,
    fileAt(path),
    2,
    { ...EXPIRED, calls: { downloadFile: 0 } },
  ]
}

// biome-ignore format: a case a line
const FILE = rowsOf('getFile', 'sends a voice note', [
  ['429, wait 3 s', busy(3), 1, expectLesson(WAITED)],
  ['429, wait 30 s', busy(30), 1, expectLesson(POSTPONED)],
  ['429, wait an hour: tried again after 15 min', busy(3_600), 1, expectLesson(POSTPONED_LONG)],
  ['500', SERVER_ERROR, 1, expectLesson(REPEATED)],
  ['500 for a day', SERVER_ERROR, A_DAY, NEVER_FETCHED],
  ['502 with a page', PAGE, 1, expectLesson(REPEATED)],
  ['reset', resets('before'), 1, expectLesson(REPEATED)],
  ['reset in the answer', resets('midway'), 1, expectLesson(REPEATED)],
  ['hangs', HANG, 1, expectLesson(REPEATED)],
  ['401', UNAUTHORIZED, 1, expectLesson(NOT_SENT)],
  ['401 for a day', UNAUTHORIZED, A_DAY, NEVER_FETCHED],
  ['404 with a page', answers(404, '<html>Not Found</html>'), 1, expectLesson(NOT_SENT)],
  ['403 with the page of a firewall', FIREWALL, 1, expectLesson(REPEATED)],
  ['400: the bot was logged out of this server', rejects('Logged out'), 1, expectLesson(NOT_SENT)],
  ['400: wrong file_id or temporarily unavailable', rejects(GONE), 1, EXPIRED],
  ['400: invalid file_id', rejects('invalid file_id'), 1, EXPIRED],
  ['400: the reference has expired', rejects('FILE_REFERENCE_EXPIRED'), 1, EXPIRED],
  ['400: too big', rejects('file is too big'), 1, TOO_BIG],
  ['400', NO_RIGHTS, 1, expectNoLesson({ sights: ['failure.dead'], ...REJECTED })],
  ['200 with a page', answers(200, '<html>'), 1, expectLesson(REPEATED)],
  ['200 without a result', answers(200, '{"ok":true}'), 1, expectLesson(REPEATED)],
  ['200 with an odd result', answers(200, '{"ok":true,"result":"voice/1.oga"}'), 1, expectLesson(REPEATED)],
  ['no path, and then one', fileAt(undefined), 1, expectLesson({ calls: { getFile: 2 } })],
  ['no path', fileAt(undefined), 2, EXPIRED],
  ['a path of a server with --local, out of reach', fileAt('/var/lib/bot-api/x/voice/file_999.oga'), FOR_GOOD, OUT_OF_REACH],
  leadsElsewhere('../../etc/passwd'),
  leadsElsewhere('voice/../../bot12345/getMe'),
  leadsElsewhere('//files.example/x'),
  leadsElsewhere('http://files.example/x'),
  leadsElsewhere('\\\\files.example\\x'),
  leadsElsewhere('voice/%2e%2e/x'),
])

const BEGUN_AGAIN = expectLesson({ calls: { downloadFile: 2 } })
const BY_NEW_PATH = expectLesson({ calls: { getFile: 2, downloadFile: 2 } })
const FETCHED_LATER = expectLesson({ ...REPEATED, calls: { downloadFile: 4 } })

// biome-ignore format: a case a line
const DOWNLOAD = rowsOf('downloadFile', 'sends a voice note', [
  ['429, wait 3 s', busy(3), 1, expectLesson({ ...POSTPONED, waits: [3] })],
  ['429, wait 30 s', busy(30), 1, expectLesson(POSTPONED)],
  ['500', SERVER_ERROR, 1, BEGUN_AGAIN],
  ['500 three times', SERVER_ERROR, 3, FETCHED_LATER],
  ['500 for a day', SERVER_ERROR, A_DAY, { ...NEVER_FETCHED, calls: { downloadFile: 12 } }],
  ['502 with a page', PAGE, 1, BEGUN_AGAIN],
  ['reset', resets('before'), 1, BEGUN_AGAIN],
  ['reset in the middle of the file', resets('midway'), 1, BEGUN_AGAIN],
  ['hangs', HANG, 1, expectLesson(REPEATED)],
  ['401', UNAUTHORIZED, 1, BEGUN_AGAIN],
  ['404: the path has expired', { kind: 'error', status: 404 }, 1, BY_NEW_PATH],
  ['400: the path has expired', { kind: 'error', status: 400 }, 1, BY_NEW_PATH],
  ['404 twice: the file has expired', { kind: 'error', status: 404 }, 2, EXPIRED],
  ['200 with a page', answers(200, '<html>'), 1, BEGUN_AGAIN],
  ['200 with a page for a day', answers(200, '<html>'), A_DAY, { ...NEVER_FETCHED, calls: { downloadFile: 12 } }],
  ['200 with half of it', answers(200, 'OggS'), 1, BEGUN_AGAIN],
])

/** A voice note that is not what it is said to be. */
function note(fault: string, voiceNote: FaultRow['note'], expectation: Expectation): FaultRow {
  return {
    title: `downloadFile, when a learner sends a voice note: ${fault}`,
    does: 'sends a voice note',
    ...(voiceNote && { note: voiceNote }),
    speaks: 'by REST',
    troubles: [],
    expectation,
  }
}

const MAX_BYTES = 4 * 1024 * 1024
const ENDLESS = { bytes: new Uint8Array(MAX_BYTES + 1), declaredBytes: 5_000 }
const UNFETCHED = { ...TOO_BIG, calls: { getFile: 0, downloadFile: 0 } }

// biome-ignore format: a case a line
const NOTES = [
  note('longer than declared, beyond what we take', ENDLESS, TOO_BIG),
  note('declared beyond what we take: not fetched', { declaredBytes: MAX_BYTES + 1 }, UNFETCHED),
  note('longer than declared', { declaredBytes: 10 }, expectLesson()),
  note('shorter than declared', { declaredBytes: 1_000_000 }, expectLesson()),
  note('cut before its sound', { bytes: RECORDED.shop.bytes.subarray(0, 60) }, DAMAGED),
  note('empty', { bytes: new Uint8Array() }, DAMAGED),
]

/** Faults of Telegram while a voice note is fetched. */
export const FILE_FAULTS: FaultRow[] = [...FILE, ...DOWNLOAD, ...NOTES]
