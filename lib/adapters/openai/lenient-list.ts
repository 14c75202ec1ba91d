import { z } from 'zod'

/** A list of which only the elements of this form are read: vendors leave lists out, and put something else in. */
export function lenientList<Element extends z.ZodType>(element: Element) {
  return z
    .array(element.nullable().catch(null))
    .nullish()
    .catch(undefined)
    .transform((list) => (list ?? []).flatMap((item) => (item === null ? [] : [item])))
}
