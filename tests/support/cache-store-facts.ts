import { expect, test } from 'vitest'
import type { CacheStore } from '../../lib/app/cache.ts'

let keys = 0

/** A key that no other test has. */
export function newKey(): string {
  keys += 1
  return keys.toString(16).padStart(8, '0').repeat(4)
}

/** What holds of the cache's entries, wherever they are stored. `open` opens one more store on the same entries. */
export function cacheStoreFacts(open: () => Promise<CacheStore>): void {
  test('bytes are found under their key by another process, as they were', async () => {
    const [writer, reader] = [await open(), await open()]
    const [key, otherKey] = [newKey(), newKey()]
    const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index % 256)
    const written = writer.set(key, bytes, 60)
    await writer.close()
    await written
    await reader.prepare()
    expect(await reader.get(key)).toSatisfy((cachedBytes: Uint8Array) =>
      Buffer.from(cachedBytes).equals(bytes),
    )
    expect(await reader.get(otherKey)).toBeUndefined()
    await reader.close()
  })

  test('a newer value takes the place of the older one', async () => {
    const key = newKey()
    for (const text of ['the older one', 'the newer one']) {
      const store = await open()
      await store.prepare()
      const written = store.set(key, Buffer.from(text), 60)
      await store.close()
      await written
    }
    const store = await open()
    await store.prepare()
    expect(Buffer.from((await store.get(key)) ?? []).toString()).toBe('the newer one')
    await store.close()
  })

  test('a store that was never used is closed at once', async () => {
    await (await open()).close()
  })
}
