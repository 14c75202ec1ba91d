/** The part of JSON Schema that strict structured outputs use. */
type Schema = {
  type?: string | string[]
  properties?: Record<string, Schema>
  items?: Schema
  enum?: unknown[]
}

/**
 * Shapes a value as a strict schema demands: its properties, all of them, in its order, and of its types.
 *
 * A missing property becomes an empty one; a word outside an enumeration becomes the last word of it.
 */
export function conform(schema: Schema, value: unknown): unknown {
  if (schema.enum !== undefined) return schema.enum.includes(value) ? value : schema.enum.at(-1)
  const [type] = [schema.type].flat()
  if (type === 'object') {
    const entries = Object.entries(schema.properties ?? {})
    return Object.fromEntries(
      entries.map(([key, part]) => [key, conform(part, fieldOf(value, key))]),
    )
  }
  if (type === 'array') {
    const { items = {} } = schema
    return Array.isArray(value) ? value.map((item) => conform(items, item)) : []
  }
  if (type === 'string') return typeof value === 'string' ? value : ''
  if (type === 'number' || type === 'integer') return typeof value === 'number' ? value : 0
  if (type === 'boolean') return value === true
  return value ?? null
}

/** Reads a path of fields in a value of unknown shape; undefined where a field is missing. */
export function fieldOf(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined),
    value,
  )
}
