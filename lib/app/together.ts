/**
 * Waits for all, then throws the first failure, if any: what one has paid for is remembered before
 * the job is given back because of another.
 */
export async function together<Work extends readonly unknown[] | []>(
  work: Work,
): Promise<{ -readonly [index in keyof Work]: Awaited<Work[index]> }> {
  await Promise.allSettled(work)
  return Promise.all(work)
}
