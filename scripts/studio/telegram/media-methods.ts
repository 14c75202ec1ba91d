import { badRequest, refusal } from './answer.ts'
import { type FileKind, type Files, type StoredFile, sniff } from './files.ts'
import {
  CAPTION_MAX,
  type MessageWorld,
  type Method,
  reachableChatId,
  send,
} from './message-methods.ts'
import { type FileObject, isUpload, type Message, type Payload } from './objects.ts'
import { integerOf, textOf } from './request.ts'
import { formattedText } from './text.ts'

/** https://core.telegram.org/bots/api#sending-files and #getfile */
const UPLOAD_MAX_BYTES = 50_000_000
const DOWNLOAD_MAX_BYTES = 20 * 1024 * 1024

const VOICE_TYPES = ['audio/ogg', 'audio/mpeg', 'audio/mp4']

/** The methods that send files and look them up. */
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
      // What a message declares may differ; what is there is what can be fetched.
      const size = file.bytes.length
      return { file_id, file_unique_id, file_size: size, file_path: file.path }
    },
  }
}

/** The part of a message that holds a file. */
export function fileContent({ kind, object }: StoredFile): Partial<Message> {
  return kind === 'photo' ? { photo: [object] } : { [kind]: object }
}

/** The file that a payload uploads or names by id. */
function fileOf(files: Files, kind: FileKind, payload: Payload): StoredFile {
  const value = payload[kind]
  const attachment = /^attach:\/\/(.+)$/.exec(String(value))?.[1]
  const source = attachment === undefined ? value : payload[attachment]
  if (source === undefined || source === '') throw badRequest(`there is no ${kind} in the request`)

  if (isUpload(source)) {
    if (source.bytes.length === 0) throw badRequest('file must be non-empty')
    if (source.bytes.length > UPLOAD_MAX_BYTES) throw refusal(413, 'Request Entity Too Large')
    const storedKind = actualKind(kind, source.bytes)
    return files.add(
      storedKind,
      source.bytes,
      detailsOf(storedKind, source.bytes, source.fileName, payload),
    )
  }
  if (/^https?:\/\//.test(String(source))) throw badRequest('failed to get HTTP URL content')
  const file = files.find(String(source))
  if (!file) throw badRequest('wrong file identifier/HTTP URL specified')
  if (file.kind !== kind) throw badRequest(`can't use file of type ${file.kind} as ${kind}`)
  return file
}

/** The kind under which Telegram sends bytes: those that are not of the wanted kind become a document. */
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
  // Telegram measures pictures itself; no test here depends on their size.
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
