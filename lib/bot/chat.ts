import { recover } from '../app/error.ts'
import type { JobRun } from '../app/jobs/job.ts'
import type { Log } from '../app/ports.ts'
import type { SendOptions, Telegram } from '../app/telegram.ts'
import { plainText } from './html.ts'

/** Telegram clears a chat action after 5 s. */
const SHOW_RECORDING_EVERY_MS = 4_000

/** One learner's chat, as seen from the job that answers in it. */
export type Chat = {
  /** Sends once per step of the job; throws 'send-given-up' after four attempts that may all have arrived. */
  say(step: string, html: string, options?: SendOptions): Promise<number>
  /** As `say`, for what is no text. */
  send<T>(step: string, send: () => Promise<T>): Promise<T>
  /** `gone` where the learner has deleted the message. */
  edit(messageId: number, html: string, options?: SendOptions): Promise<'edited' | 'gone'>
  /** The same of the text under a sound. */
  editCaption(messageId: number, html: string, options?: SendOptions): Promise<'edited' | 'gone'>
  /** Shows that a voice note is being recorded, for some 5 s or until the next message. */
  showRecording(): void
  /** Repeats `showRecording` until the returned function is called. */
  keepRecording(): () => void
}

/** Sends through the job's journal; HTML that Telegram cannot parse goes out as plain text. */
export function openChat(
  { telegram, log }: { telegram: Telegram; log: Log },
  run: JobRun,
  chatId: number,
): Chat {
  function showRecording(): void {
    telegram.showRecording(chatId).catch((error: unknown) => {
      // The indicator only passes the time: the answer comes without it, too.
      log.debug('recording_not_shown', { error })
    })
  }

  function send<T>(step: string, sendMessage: () => Promise<T>): Promise<T> {
    return run.send(step, sendMessage, () => telegram.showRecording(chatId))
  }

  return {
    send,

    say: (step, html, options) =>
      send(step, () =>
        sendPlainIfUnparsed(html, (text, plain) =>
          telegram.sendMessage(chatId, text, { ...options, ...plain }),
        ),
      ),

    edit: (messageId, html, options) =>
      sendPlainIfUnparsed(html, (text, plain) =>
        telegram.editMessage(chatId, messageId, text, { ...options, ...plain }),
      ),

    editCaption: (messageId, html, options) =>
      sendPlainIfUnparsed(html, (text, plain) =>
        telegram.editCaption(chatId, messageId, text, { ...options, ...plain }),
      ),

    showRecording,

    keepRecording() {
      showRecording()
      const timer = setInterval(showRecording, SHOW_RECORDING_EVERY_MS)
      return () => clearInterval(timer)
    },
  }
}

function sendPlainIfUnparsed<T>(
  html: string,
  send: (text: string, plain: { plain?: true }) => Promise<T>,
): Promise<T> {
  return recover(send(html, {}), ['telegram-bad-entities'], () =>
    send(plainText(html), { plain: true }),
  )
}
