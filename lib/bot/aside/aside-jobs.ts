import {
  type Aside,
  type AsideDeps,
  answersToReply,
  slowerReply,
  translateReply,
} from '../../app/aside/asides.ts'
import { recover } from '../../app/error.ts'
import type { JobHandler } from '../../app/jobs/handler.ts'
import type { JobRun } from '../../app/jobs/job.ts'
import type { KeptLesson, SlowerSpeech } from '../../app/lesson/kept-lessons.ts'
import type { Log } from '../../app/ports.ts'
import type { SentSound, Sound, Telegram } from '../../app/telegram.ts'
import { openChat } from '../chat.ts'
import { NO_BUTTONS, replyKeyboard } from '../lesson-buttons.ts'
import { textMessage } from '../text-message.ts'
import type { TextKey } from '../texts/texts.ts'
import { readyAnswersMessage, translationCaption, translationMessage } from './messages.ts'
import { AsideRequest } from './request.ts'

export type AsideJobDeps = AsideDeps & { telegram: Telegram; log: Log }

type Work = { deps: AsideJobDeps; run: JobRun; request: AsideRequest; lesson: KeptLesson }

/** Runs what presses on lessons ask for. A failure is told at once: the learner decides whether to press again. */
export function asideJobs(deps: AsideJobDeps): JobHandler {
  return {
    async run(run) {
      const request = requestOf(run)
      const search = await deps.keptLessons.find(request.jobId, request.telegramId)
      // Withdrawn, replaced or deleted since the press: its buttons are gone, too.
      if (search.kind !== 'found') return
      const outcome = await answer({ deps, run, request, lesson: search.lesson })
      if (outcome.kind !== 'done') await say(deps, run, outcome.kind, REFUSALS[outcome.kind])
      deps.log.info('aside_answered', {
        job_id: run.job.id,
        kind: request.kind,
        outcome: outcome.kind,
      })
    },
    // It is not retried, so it neither waits nor is parked.
    onParked: async () => {},
    onDelayed: async () => {},
    // Pressed again, the job runs again, and may fail again.
    onDead: (run) => say(deps, run, `failed:${run.job.receivedAt.getTime()}`, 'aside.failed'),
    onSurplus: (run) => say(deps, run, 'surplus', 'failure.surplus'),
  }
}

function requestOf({ job }: JobRun): AsideRequest {
  return AsideRequest.parse(JSON.parse(new TextDecoder().decode(job.payload)))
}

const REFUSALS = {
  'used-up': 'aside.usedUp',
  'budget-used-up': 'quota.budgetUsedUp',
  unavailable: 'aside.failed',
} as const

async function say(
  deps: AsideJobDeps,
  run: JobRun,
  step: string,
  key: TextKey & ('aside.failed' | 'aside.usedUp' | 'quota.budgetUsedUp' | 'failure.surplus'),
): Promise<void> {
  const { telegramId, language, messageId } = requestOf(run)
  const chat = openChat(deps, run, telegramId)
  await chat.say(step, textMessage(language, key), { replyTo: messageId })
}

function answer(work: Work): Promise<Aside<unknown>> {
  switch (work.request.kind) {
    case 'translate':
      return translate(work)
    case 'slower':
      return speakSlower(work)
    case 'answers':
      return suggestAnswers(work)
  }
}

/** The reply and its translation stand where the reply does. */
async function translate({ deps, run, request, lesson }: Work): Promise<Aside<string>> {
  const { language, messageId, form } = request
  const outcome = await translateReply(deps, run, lesson)
  if (outcome.kind !== 'done') return outcome
  const chat = openChat(deps, run, request.telegramId)
  const { reply, learner, messages } = lesson
  const { speed, character } = messages.reply ?? { ...learner, speed: learner.voiceSpeed }
  // Replaced or withdrawn while it was translated: the buttons are gone, and stay away.
  const hasButtons = await isStillKept(deps, request)
  const keyboard = hasButtons
    ? replyKeyboard(language, request.jobId, { reply, speed, isTranslated: true })
    : NO_BUTTONS
  if (form === 'text') {
    const html = translationMessage(language, character, reply, outcome.value)
    await chat.edit(messageId, html, { keyboard })
  } else {
    await chat.editCaption(messageId, translationCaption(reply, outcome.value), { keyboard })
  }
  // Or while it was shown: the buttons were gone, and this has brought them back.
  if (hasButtons && !(await isStillKept(deps, request)))
    await deps.telegram.editKeyboard(request.telegramId, messageId, NO_BUTTONS)
  return outcome
}

async function isStillKept(
  { keptLessons }: AsideJobDeps,
  { jobId, telegramId }: AsideRequest,
): Promise<boolean> {
  return (await keptLessons.find(jobId, telegramId)).kind === 'found'
}

async function suggestAnswers({ deps, run, request, lesson }: Work): Promise<Aside<unknown>> {
  const outcome = await answersToReply(deps, run, lesson)
  if (outcome.kind !== 'done') return outcome
  const html = readyAnswersMessage(request.language, outcome.value)
  const chat = openChat(deps, run, request.telegramId)
  await chat.say('answers', html, { replyTo: request.messageId })
  return outcome
}

const VOICE = 'slower'
const SOUND_FILE = 'slower-file'
/** The steps by which a job sends what it has spoken itself. */
const SLOWER_SENDS = [VOICE, SOUND_FILE]

/** Sends the file that Telegram has already; if it has none, or no longer has it, speaks the text and sends that. */
async function speakSlower(work: Work): Promise<Aside<unknown>> {
  const { deps, run, request, lesson } = work
  const { slower } = lesson
  // What this job has sent in an earlier run is kept with the lesson, too: it is not sent again.
  const isSentByThis = SLOWER_SENDS.some((step) => run.stored(step) !== undefined)
  if (slower !== null && !isSentByThis) {
    const again = sendSlower(work, 'slower-again', { fileId: slower.fileId }, slower.form)
    const isSent = await recover(
      again.then(() => true),
      ['telegram-rejected', 'telegram-voice-forbidden'],
      () => false,
    )
    if (isSent) return { kind: 'done', value: undefined }
  }
  openChat(deps, run, request.telegramId).showRecording()
  const outcome = await slowerReply(deps, run, lesson)
  if (outcome.kind !== 'done' || outcome.value === undefined) return outcome
  const speech = outcome.value
  const sentSpeech = await recover(
    sendSlower(work, VOICE, speech, 'voice'),
    ['telegram-voice-forbidden'],
    () => sendSlower(work, SOUND_FILE, speech, 'file'),
  )
  // Known to be sent before it is known as something that can be sent again.
  await run.settled()
  if (sentSpeech !== null) await deps.keptLessons.keepSlower(run.job, lesson, sentSpeech)
  return outcome
}

async function sendSlower(
  { deps, run, request }: Work,
  step: string,
  sound: Sound,
  form: SlowerSpeech['form'],
): Promise<SlowerSpeech | null> {
  const { telegramId, messageId: replyTo } = request
  const send = (): Promise<SentSound> =>
    form === 'voice'
      ? deps.telegram.sendVoice(telegramId, sound, { replyTo })
      : deps.telegram.sendSoundFile(telegramId, sound, { replyTo })
  const { fileId } = await openChat(deps, run, telegramId).send(step, send)
  return fileId === null ? null : { fileId, form }
}
