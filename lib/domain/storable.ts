/** Makes any string fit for Postgres and JSON: no NUL, no lone surrogates, composed (NFC) letters. */
export function storable(text: string): string {
  return text
    .replaceAll('\u0000', '')
    .replace(/\p{Surrogate}/gu, '')
    .normalize('NFC')
}
