import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { pgVendorTraits } from '../../../lib/adapters/postgres/vendor-traits.ts'
import { describeDatabases } from '../../support/databases.ts'

const GROQ = { stage: 'reply', host: 'api.groq.com', model: 'kimi' } as const

describeDatabases('vendor traits', (database) => {
  const traits = () => pgVendorTraits(database().db)

  test('what a vendor refused is there for the next process, once', async () => {
    await traits().keep(GROQ, ['stream', 'stream_options'])
    await traits().keep(GROQ, ['stream'])
    const storedTraits = await traits().load()
    expect(storedTraits).toEqual(
      expect.arrayContaining([
        { ...GROQ, refused: 'stream', learnedAt: expect.any(Date) },
        { ...GROQ, refused: 'stream_options', learnedAt: expect.any(Date) },
      ]),
    )
    expect(storedTraits).toHaveLength(2)
  })

  test('what a vendor refused a day ago is forgotten until it is refused again', async () => {
    const azure = { ...GROQ, host: 'ours.openai.azure.com' }
    const ofAzure = async () => (await traits().load()).filter(({ host }) => host === azure.host)
    await traits().keep(azure, ['max_tokens'])
    await database()
      .db.updateTable('vendor_trait')
      .set({ learned_at: sql`now() - interval '24 hours'` })
      .where('host', '=', azure.host)
      .execute()
    expect(await ofAzure()).toEqual([])
    await traits().keep(azure, ['max_tokens'])
    expect(await ofAzure()).toHaveLength(1)
  })
})
