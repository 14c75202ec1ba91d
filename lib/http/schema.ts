import { z } from 'zod'

/** A schema of ours as JSON Schema: what is sent in, or what comes out. */
export function schemaOf(schema: z.ZodType, io: 'input' | 'output') {
  const { $schema, ...definition } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return definition
}

/** A reference to one of the document's own schemas. */
export function ref(name: string) {
  return { $ref: `#/components/schemas/${name}` }
}
