/** The body Telegram answers a method call with. */
export type Answer =
  | { ok: true; result: unknown }
  | {
      ok: false
      error_code: number
      description: string
      parameters?: { retry_after?: number }
    }

type Refused = Extract<Answer, { ok: false }>

/** An error that carries Telegram's own answer. */
export type Refusal = Error & { answer: Refused }

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

/** Runs a method and gives its answer, a refusal included; any other error is a fault of the stand-in and thrown on. */
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
