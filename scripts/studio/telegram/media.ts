import { badRequest, refusal } from './answer.ts'
import { type FileKind, type Files, type StoredFile, sniff } from './files.ts'
import { type MessageWorld, type Method, reachableChatId, send } from './methods.ts'
import { type FileObject, isUpload, type Message, type Payload } from './objects.ts'
import { integerOf, textOf } from './request.ts'
import { formattedText } from './text.ts'

/** https://core.telegram.org/bots/api#sending-files and #getfile */
const UPLOAD_MAX_BYTES = 50_000_000
const DOWNLOAD_MAX_BYTES = 20 * 1024 * 1024
const CAPTION_MAX = 1024

const VOICE_TYPES = ['audio/ogg', 'audio/mpeg', 'audio/mp4']

/** The methods that send files and find them again. */
export function mediaMethods(world: MessageWorld, files: Files): Record<string, Method> {
  const sender =
    (kind: FileKind): Method =>
    (payload, call) => {
      const chatId = reachableChatId(world.chats, payload)
      const { text: caption, entities } = formattedText(payload, 'caption')
      if (caption.length > CAPTION_MAX) throw badRequest('message caption is too long')
      const file = fileOf(files, kind, payload)
      if (file.kind === 'voice' && world.chats.get(chatId).isVoiceForbidden) {
        throw badRequest('VOICE_MESSAGES_FORBIDDEN')
      }
      const content = {
        ...fileContent(file),
        ...(caption !== '' && { caption }),
        ...(entities.length > 0 && { caption_entities: entities }),
      }
      return send(world, payload, call, chatId, content, file)
    }

  return {
    sendVoice: sender('voice'),
    sendAudio: sender('audio'),
    sendDocument: sender('document'),
    sendPhoto: sender('photo'),

    getFile(payload) {
      const file = files.find(textOf(payload, 'file_id'))
      if (!file) throw badRequest('wrong file_id or the file is temporarily unavailable')
      const { file_id, file_unique_id, file_size = 0 } = file.object
      if (file_size > DOWNLOAD_MAX_BYTES) throw badRequest('file is too big')
      return { file_id, file_unique_id, file_size, file_path: file.path }
    },
  }
}

/** The part of a message that holds a file. */
export function fileContent({ kind, object }: StoredFile): Partial<Message> {
  return kind === 'photo' ? { photo: [object] } : { [kind]: object }
}

/** The file a payload brings or names by id. */
function fileOf(files: Files, kind: FileKind, payload: Payload): StoredFile {
  const named = payload[kind]
  const attached = /^attach:\/\/(.+)$/.exec(String(named))?.[1]
  const given = attached === undefined ? named : payload[attached]
  if (given === undefined || given === '') throw badRequest(`there is no ${kind} in the request`)

  if (isUpload(given)) {
    if (given.bytes.length === 0) throw badRequest('file must be non-empty')
    if (given.bytes.length > UPLOAD_MAX_BYTES) throw refusal(413, 'Request Entity Too Large')
    const actual = actualKind(kind, given.bytes)
    return files.add(actual, given.bytes, detailsOf(actual, given.bytes, given.fileName, payload))
  }
  if (/^https?:\/\//.test(String(given))) throw badRequest('failed to get HTTP URL content')
  const file = files.find(String(given))
  if (!file) throw badRequest('wrong file identifier/HTTP URL specified')
  if (file.kind !== kind) throw badRequest(`can't use file of type ${file.kind} as ${kind}`)
  return file
}

/** What Telegram makes of bytes sent as `kind`: what is no voice goes out as a document. */
function actualKind(kind: FileKind, bytes: Uint8Array): FileKind {
  const mimeType = sniff(bytes)?.mimeType ?? ''
  if (kind === 'voice' && !VOICE_TYPES.includes(mimeType)) return 'document'
  if (kind === 'audio' && !mimeType.startsWith('audio/')) return 'document'
  if (kind === 'photo' && !mimeType.startsWith('image/')) throw badRequest('IMAGE_PROCESS_FAILED')
  return kind
}

function detailsOf(
  kind: FileKind,
  bytes: Uint8Array,
  fileName: string,
  payload: Payload,
): Partial<FileObject> {
  // Telegram measures pictures itself; nothing here looks at the size.
  if (kind === 'photo') return { width: 800, height: 600 }
  const mime_type = sniff(bytes)?.mimeType ?? 'application/octet-stream'
  if (kind === 'document') return { mime_type, file_name: fileName }
  const duration = integerOf(payload, 'duration') ?? 0
  if (kind === 'voice') return { mime_type, duration }
  const title = textOf(payload, 'title')
  const performer = textOf(payload, 'performer')
  return {
    mime_type,
    duration,
    file_name: fileName,
    ...(title !== '' && { title }),
    ...(performer !== '' && { performer }),
  }
}
