/** The body of Telegram's answer to a method call. */
export type Answer =
  | { ok: true; result: unknown }
  | {
      ok: false
      error_code: number
      description: string
      parameters?: { retry_after?: number }
    }

type RefusalAnswer = Extract<Answer, { ok: false }>

/** An error that carries Telegram's own answer. */
export type Refusal = Error & { answer: RefusalAnswer }

/**
 * Makes the error by which a method refuses a call, in Telegram's words.
 *
 * The words are those of tdlib/telegram-bot-api (Client.cpp, `fail_query_with_error`): clients match on them.
 */
export function refusal(code: number, description: string): Refusal {
  return Object.assign(new Error(description), {
    answer: { ok: false as const, error_code: code, description },
  })
}

/** A refusal with code 400: `because` follows "Bad Request: ". */
export function badRequest(because: string): Refusal {
  return refusal(400, `Bad Request: ${because}`)
}

/** Runs a method and returns its answer; a refusal is one. Any other error is a bug of the stand-in and is thrown on. */
export function answerOf(run: () => unknown): Answer {
  try {
    return { ok: true, result: run() }
  } catch (error) {
    if (isRefusal(error)) return error.answer
    throw error
  }
}

export function isRefusal(error: unknown): error is Refusal {
  return error instanceof Error && 'answer' in error
}
