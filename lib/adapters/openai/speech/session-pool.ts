import type { RealtimeSessionCreateRequest } from 'openai/resources/realtime/realtime'
import type { Voice } from '../../../app/lesson/speaker.ts'
import type { SpeakerOptions } from './options.ts'
import { PIECES_AT_ONCE } from './pieces.ts'
import { openRealtime, type RealtimeSession } from './realtime-session.ts'

/**
 * Keeps sockets for the pieces of one text, opened ahead: the first while the text is still awaited,
 * another whenever one is taken.
 */
export function sessionPool(options: SpeakerOptions, voice: Voice, signal: AbortSignal) {
  const allSessions: Promise<RealtimeSession>[] = []
  const freeSessions: Promise<RealtimeSession>[] = []

  function open(): Promise<RealtimeSession> {
    const session = openRealtime(options.endpoint, options.model, sessionOf(options, voice), signal)
    // A failure surfaces where `take` awaits the session; unused sessions may fail unnoticed.
    session.catch(() => {})
    allSessions.push(session)
    return session
  }
  function openAhead(): void {
    if (allSessions.length < PIECES_AT_ONCE) freeSessions.push(open())
  }

  /** Takes a session that is still open: the network or the provider may have closed all that were free. */
  async function take(): Promise<RealtimeSession> {
    for (
      let opening = freeSessions.shift();
      opening !== undefined;
      opening = freeSessions.shift()
    ) {
      openAhead()
      const session = await opening
      if (session.isOpen()) return session
    }
    return open()
  }

  openAhead()
  return {
    async use<T>(
      callSignal: AbortSignal,
      work: (session: RealtimeSession) => Promise<T>,
    ): Promise<T> {
      const session = await unlessAborted(take, callSignal)
      const result = await work(session)
      freeSessions.unshift(Promise.resolve(session))
      return result
    },
    close(): void {
      // A session that failed to open needs no closing; where it was used, `take` has thrown its error.
      for (const session of allSessions)
        session.then((openSession) => openSession.close()).catch(() => {})
    },
  }
}

/** Does work until the signal aborts; the work itself is not cancelled, and its failure then goes unnoticed. */
async function unlessAborted<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  const { promise: abortion, reject } = Promise.withResolvers<never>()
  const abort = () => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([work(), abortion])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

function sessionOf(options: SpeakerOptions, voice: Voice): RealtimeSessionCreateRequest {
  return {
    type: 'realtime',
    output_modalities: ['audio'],
    audio: {
      // The input is text: with turn detection the model would wait for a voice.
      input: { turn_detection: null },
      output: {
        format: { type: 'audio/pcm', rate: 24_000 },
        voice: options.voices[voice.character],
        speed: Math.min(Math.max(voice.speedFactor, 0.25), 1.5),
      },
    },
  }
}
