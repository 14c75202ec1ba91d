/** Requests to the lesson API, as its clients make them. */

export type Fields = Record<string, unknown>

const URL = 'https://bot.example/api/v1/lessons/process'

export function bearer(apiKey: string): Record<string, string> {
  return { authorization: `Bearer ${apiKey}` }
}

/** A text as JSON. */
export function textRequest(
  apiKey: string,
  fields: Fields,
  headers: Record<string, string> = {},
): Request {
  return new Request(URL, {
    method: 'POST',
    headers: { ...bearer(apiKey), 'content-type': 'application/json', ...headers },
    body: JSON.stringify(fields),
  })
}

/** A form; a field of bytes is a file. Each has a boundary of its own. */
export function formRequest(
  apiKey: string,
  fields: Record<string, string | Uint8Array<ArrayBuffer>>,
  headers: Record<string, string> = {},
): Request {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string') form.append(name, value)
    else form.append(name, new File([value], 'voice.ogg', { type: 'audio/ogg' }))
  }
  return new Request(URL, {
    method: 'POST',
    headers: { ...bearer(apiKey), ...headers },
    body: form,
  })
}

/** A form as the bytes that a client sends; undici's own stream of one cannot be left half read. */
export async function bufferRequest(request: Request): Promise<Request> {
  const { url, method, headers } = request
  return new Request(url, { method, headers, body: await request.arrayBuffer() })
}

/** Any body of any type. */
export function rawRequest(
  apiKey: string,
  body: string | Uint8Array<ArrayBuffer>,
  contentType: string,
): Request {
  return new Request(URL, {
    method: 'POST',
    headers: { ...bearer(apiKey), 'content-type': contentType },
    body,
  })
}

/** Silence as WAV, 8 bits a sample and 8,000 samples a second. */
export function silentWav(seconds: number): Uint8Array<ArrayBuffer> {
  const samples = seconds * 8_000
  const wav = new Uint8Array(44 + samples).fill(0x80)
  const view = new DataView(wav.buffer)
  const ascii = (at: number, text: string) => wav.set(new TextEncoder().encode(text), at)
  ascii(0, 'RIFF')
  view.setUint32(4, 36 + samples, true)
  ascii(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, 8_000, true)
  view.setUint32(28, 8_000, true)
  view.setUint16(32, 1, true)
  view.setUint16(34, 8, true)
  ascii(36, 'data')
  view.setUint32(40, samples, true)
  return wav
}
