/** A function that makes its value at the first call, and again only where that failed. */
export function memoise<T>(make: () => Promise<T>): () => Promise<T> {
  let value: Promise<T> | undefined
  return () => {
    value ??= make().catch((error: unknown) => {
      // The next call makes it again: a failure may pass, and this process lives on.
      value = undefined
      throw error
    })
    return value
  }
}
