/**
 * Says where a key, token or secret has a character that none has and that no HTTP header carries, to follow the
 * name of its variable; undefined where it is all printable ASCII.
 *
 * Such characters come along when it is pasted: zero-width spaces, an ellipsis, a letter of another alphabet that
 * looks the same. The character is named by its code, never shown. Nor has one quotation marks around it: `docker --env-file`
 * and the dashboards of hosts keep those of a .env file.
 */
export function characterProblem(text: string, { mayHaveSpaces = false } = {}): string | undefined {
  if (!mayHaveSpaces && /^(["'`]).*\1$/s.test(text)) return 'must be without quotation marks'
  const characters = [...text]
  const isWrong = mayHaveSpaces ? /[^\x20-\x7e]/ : /[^\x21-\x7e]/
  const index = characters.findIndex((character) => isWrong.test(character))
  if (index < 0) return undefined
  const code = characters[index]?.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')
  return `must be printable ASCII${mayHaveSpaces ? '' : ' in one word'}: its character ${index + 1} is U+${code}`
}
