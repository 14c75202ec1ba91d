import { expect, test } from 'vitest'
import { parseConfig } from '../../../lib/config.ts'
import { devEnvironment } from '../../../scripts/studio/dev-product.ts'

const STAND_INS = {
  telegram: { token: '1:stand-in', url: 'http://127.0.0.1:1' },
  openai: { url: 'http://127.0.0.1:2/v1' },
}
const configOf = (outer: NodeJS.Dict<string>) =>
  parseConfig(devEnvironment({ outer, port: 3000 }, STAND_INS))

test("a developer's day has no end, unless the developer sets one", () => {
  expect(configOf({}).plan).toEqual({ text: 10_000, voice: 10_000 })
  expect(configOf({ FREE_TEXT_PER_DAY: '3' }).plan).toEqual({ text: 3, voice: 10_000 })
})

test('the database and the bot of a developer are not those of `npm run dev`', () => {
  const outer = { DATABASE_URL: 'postgres://localhost/production', TELEGRAM_BOT_TOKEN: '2:real' }
  const config = configOf(outer)
  expect(config.database.url).toBeUndefined()
  expect(config.telegram.token).toBe('1:stand-in')
})
