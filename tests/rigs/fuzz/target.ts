import fc from 'fast-check'
import type { FuzzedProduct } from './product.ts'
import type { FuzzedProvider } from './provider.ts'

/** What inputs are tried on where a function alone is not enough: opened by the first that asks. */
export type Subject = {
  product(): Promise<FuzzedProduct>
  provider(): Promise<FuzzedProvider>
}

/** One place where input from outside comes in, and what no input may break there. */
export type FuzzTarget = {
  /** As it is typed. */
  name: string
  /** What holds for any input. */
  fact: string
  /** How many of the inputs it gets, in proportion to the others: few where one takes long. */
  weight: number
  /** The fact as a property; `afterEach` is called when it has held for an input, and may throw, too. */
  property(subject: Subject, afterEach: () => Promise<void>): fc.IAsyncProperty<[unknown]>
}

/** A row of the table: `holds` throws where the fact does not hold for an input. */
export function fuzzTarget<Input>({
  arbitrary,
  holds,
  ...row
}: Omit<FuzzTarget, 'property'> & {
  arbitrary: fc.Arbitrary<Input>
  holds(input: Input, subject: Subject): void | Promise<void>
}): FuzzTarget {
  return {
    ...row,
    property: (subject, afterEach) =>
      fc.asyncProperty(arbitrary, async (input) => {
        await holds(input, subject)
        await afterEach()
      }),
  }
}
