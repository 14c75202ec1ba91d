import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import {
  createApiKey,
  listApiKeys,
  pgApiKeys,
  revokeApiKey,
  rotateApiKey,
} from '../../../lib/adapters/postgres/api-keys.ts'
import { describeDatabases } from '../../support/databases.ts'

describeDatabases('API keys', (database) => {
  const keys = () => pgApiKeys(database().db)
  const create = (name: string, telegramLearners = false) =>
    createApiKey(database().db, { name, telegramLearners })

  test('a new key’s secret authenticates, and says whose learners it may see', async () => {
    const secret = await create('school', true)
    expect(secret).toMatch(/^mluv_[0-9a-f]{8}_[A-Za-z0-9_-]{43}$/)
    expect(await keys().authenticate(secret)).toEqual({
      id: expect.any(Number),
      name: 'school',
      telegramLearners: true,
      limits: { lessonsPerDay: null, dailyBudgetMicroUsd: null, learners: null },
    })
  })

  test('the secret is stored nowhere', async () => {
    const secret = await create('stored')
    const row = await database()
      .db.selectFrom('api_key')
      .selectAll()
      .where('name', '=', 'stored')
      .executeTakeFirstOrThrow()
    expect(row.hash).toHaveLength(32)
    const secretPart = secret.slice(-43)
    const texts = Object.values(row).map((value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value),
    )
    expect(texts.filter((text) => text.includes(secretPart))).toEqual([])
  })

  test('a wrong secret behind a right prefix authenticates no client', async () => {
    const secret = await create('prefix')
    const lastCharacter = secret.endsWith('A') ? 'B' : 'A'
    expect(await keys().authenticate(`${secret.slice(0, -1)}${lastCharacter}`)).toBe(undefined)
    expect(await keys().authenticate(secret)).toMatchObject({ name: 'prefix' })
  })

  test.each(['', 'mluv_', 'mluv_00000000_', `mluv_00000000_${'a'.repeat(43)}`, "' or true --"])(
    '"%s" authenticates no client',
    async (secret) => {
      expect(await keys().authenticate(secret)).toBe(undefined)
    },
  )

  test('a secret with something around it authenticates no client', async () => {
    const secret = await create('around')
    for (const wrongSecret of [` ${secret}`, `${secret}\n`, `${secret}=`, secret.toUpperCase()]) {
      expect(await keys().authenticate(wrongSecret)).toBe(undefined)
    }
  })

  test('a revoked key authenticates no client', async () => {
    const secret = await create('revoked')
    const { db } = database()
    expect(await revokeApiKey(db, 'revoked')).toBe('revoked')
    expect(await revokeApiKey(db, 'revoked')).toBe('already-revoked')
    expect(await revokeApiKey(db, 'never made')).toBe('unknown')
    const allKeys = await listApiKeys(db)
    expect(allKeys.find(({ name }) => name === 'revoked')).toEqual({
      name: 'revoked',
      prefix: secret.slice(5, 13),
      createdAt: expect.any(Date),
      telegramLearners: false,
      lessonsPerDay: null,
      dailyBudgetMicroUsd: null,
      maxLearners: null,
      lessonsToday: 0,
      spentTodayMicroUsd: 0,
      learners: 0,
      lastUsedAt: null,
      oldSecretUntil: null,
      revokedAt: expect.any(Date),
    })
    expect(await keys().authenticate(secret)).toBe(undefined)
  })

  test('a rotated key keeps its id, and its old secret is taken until its day is over', async () => {
    const { db } = database()
    const oldSecret = await create('rotated')
    const key = await keys().authenticate(oldSecret)
    const newSecret = (await rotateApiKey(db, 'rotated')) ?? ''
    expect(newSecret).not.toBe(oldSecret)
    expect(await keys().authenticate(newSecret)).toEqual(key)
    expect(await keys().authenticate(oldSecret)).toEqual(key)
    const listedKey = (await listApiKeys(db)).find(({ name }) => name === 'rotated')
    expect(Number(listedKey?.oldSecretUntil) - Date.now()).toBeGreaterThan(86_000_000)

    await db
      .updateTable('api_key')
      .set({ previous_until: new Date(Date.now() - 1_000) })
      .where('name', '=', 'rotated')
      .execute()
    expect(await keys().authenticate(oldSecret)).toBeUndefined()
    expect(await keys().authenticate(newSecret)).toEqual(key)
  })

  test('of a key that is rotated twice the first secret is refused, and of one that is revoked both are', async () => {
    const { db } = database()
    const firstSecret = await create('rotated twice')
    const secondSecret = (await rotateApiKey(db, 'rotated twice')) ?? ''
    const thirdSecret = (await rotateApiKey(db, 'rotated twice')) ?? ''
    expect(await keys().authenticate(firstSecret)).toBeUndefined()
    expect(await keys().authenticate(secondSecret)).toBeDefined()
    await revokeApiKey(db, 'rotated twice')
    for (const secret of [secondSecret, thirdSecret])
      expect(await keys().authenticate(secret)).toBeUndefined()
    expect(await rotateApiKey(db, 'rotated twice')).toBeUndefined()
    expect(await rotateApiKey(db, 'never made')).toBeUndefined()
  })

  test('a rotated key and another one whose prefix is its old one are told apart', async () => {
    const { db } = database()
    const oldSecret = await create('first of a prefix')
    await rotateApiKey(db, 'first of a prefix')
    await create('second of a prefix')
    const secret = `${oldSecret.slice(0, 'mluv_12345678_'.length)}${'s'.repeat(43)}`
    await db
      .updateTable('api_key')
      .set({ prefix: oldSecret.slice(5, 13), hash: createHash('sha256').update(secret).digest() })
      .where('name', '=', 'second of a prefix')
      .execute()
    expect(await keys().authenticate(oldSecret)).toMatchObject({ name: 'first of a prefix' })
    expect(await keys().authenticate(secret)).toMatchObject({ name: 'second of a prefix' })
  })

  test('a name is given once', async () => {
    const secret = await create('twice')
    await expect(create('twice')).rejects.toThrow()
    expect(await keys().authenticate(secret)).toMatchObject({ name: 'twice' })
  })

  test('a key has the limits it was made with', async () => {
    const limits = { lessonsPerDay: 3, dailyBudgetMicroUsd: 500_000, learners: 2 }
    const { db } = database()
    const secret = await createApiKey(db, { name: 'limited', telegramLearners: false, limits })
    expect(await keys().authenticate(secret)).toMatchObject({ limits })
    const allKeys = await listApiKeys(db)
    expect(allKeys.find(({ name }) => name === 'limited')).toMatchObject({
      lessonsPerDay: 3,
      dailyBudgetMicroUsd: 500_000,
      maxLearners: 2,
    })
  })

  test('a key’s last use is when its secret last came, not when a wrong one did', async () => {
    const secret = await create('used')
    const lastUse = async () =>
      (await listApiKeys(database().db)).find(({ name }) => name === 'used')?.lastUsedAt
    const lastCharacter = secret.endsWith('A') ? 'B' : 'A'
    await keys().authenticate(`${secret.slice(0, -1)}${lastCharacter}`)
    expect(await lastUse()).toBeNull()
    await keys().authenticate(secret)
    expect(Date.now() - Number(await lastUse())).toBeLessThan(60_000)
  })
})
