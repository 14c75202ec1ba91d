/**
 * Waits for all of the work, then throws the first failure, if any: what one part has paid for is stored before
 * the job is given back because another part failed.
 */
export async function allSettledOrThrow<Work extends readonly unknown[] | []>(
  work: Work,
): Promise<{ -readonly [index in keyof Work]: Awaited<Work[index]> }> {
  await Promise.allSettled(work)
  return Promise.all(work)
}
