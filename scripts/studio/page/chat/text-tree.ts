import type { Entity } from '../../telegram/objects.ts'

/** A stretch of text: plain, or what an entity marks. */
export type TextNode = string | { entity: Entity; text: string; children: TextNode[] }

/** The tree that nested entities make of a text. Entities that cross others' ends are left out. */
export function nest(text: string, entities: readonly Entity[]): TextNode[] {
  const sortedEntities = entities.toSorted((a, b) => a.offset - b.offset || b.length - a.length)
  return nestWithin(text, sortedEntities, 0, text.length)
}

function nestWithin(
  text: string,
  entities: readonly Entity[],
  begin: number,
  end: number,
): TextNode[] {
  const nodes: TextNode[] = []
  let at = begin
  entities.forEach((entity, index) => {
    const entityEnd = entity.offset + entity.length
    if (entity.offset < at || entityEnd > end) return
    if (entity.offset > at) nodes.push(text.slice(at, entity.offset))
    nodes.push({
      entity,
      text: text.slice(entity.offset, entityEnd),
      children: nestWithin(text, entities.slice(index + 1), entity.offset, entityEnd),
    })
    at = entityEnd
  })
  if (at < end) nodes.push(text.slice(at, end))
  return nodes
}
