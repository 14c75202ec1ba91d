/** The value of a JSON text; undefined where the text is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's message says nothing that callers could use, and it quotes the text.
    return undefined
  }
}
