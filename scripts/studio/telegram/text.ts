import { badRequest } from './answer.ts'
import { parseHtml } from './html.ts'
import { type Entity, type Formatted, isObject, type Payload } from './objects.ts'

/**
 * The text or caption of a payload as the learner will read it: parsed, cleaned and trimmed.
 *
 * Only the HTML parse mode is known here; Markdown is refused, though Telegram would take it.
 */
export function formattedText(payload: Payload, field: 'text' | 'caption'): Formatted {
  const source = payload[field] === undefined ? '' : String(payload[field])
  if (!source.isWellFormed()) throw badRequest('strings must be encoded in UTF-8')
  const mode = payload.parse_mode === undefined ? '' : String(payload.parse_mode).toLowerCase()
  if (mode === 'html') return trimFormatted(parseHtml(source))
  if (mode !== '') throw badRequest('unsupported parse_mode')
  const entities = payload[field === 'text' ? 'entities' : 'caption_entities']
  return trimFormatted({
    text: source,
    entities: Array.isArray(entities) ? entities.filter(isEntity) : [],
  })
}

function isEntity(value: unknown): value is Entity {
  return (
    isObject(value) &&
    typeof value.type === 'string' &&
    Number.isInteger(value.offset) &&
    Number.isInteger(value.length)
  )
}

/** Drops outer white space, as Telegram does, and moves the entities with the text. */
function trimFormatted({ text, entities }: Formatted): Formatted {
  const clean = text.replaceAll(/[^\P{Cc}\t\n\r]/gu, ' ')
  const trimmedText = clean.trim()
  const leadingLength = clean.length - clean.trimStart().length
  const trimmedEntities = entities.map((entity) => {
    const begin = Math.max(0, entity.offset - leadingLength)
    const end = Math.min(trimmedText.length, entity.offset + entity.length - leadingLength)
    return { ...entity, offset: begin, length: end - begin }
  })
  return { text: trimmedText, entities: trimmedEntities.filter(({ length }) => length > 0) }
}
