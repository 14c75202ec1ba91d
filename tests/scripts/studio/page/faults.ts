import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { wholeProofTest } from '../../../support/proof-width.ts'
import { type StudioPages, say, wayIn } from './studio-pages.ts'

/** Each fault by its switch, and what the page then shows. */
export function faultTests(studio: StudioPages): void {
  wholeProofTest('an update that is delivered again is answered once', async () => {
    const { page, phone } = await studio.openFor('Lada')
    await say(phone, 'Mám pes.')
    await phone.getByText('out of 100').waitFor()
    const way = await openWay(page)
    await press(way, 'Deliver it again')
    await way.getByText('200, delivered 2 times').waitFor()
    expect(await phone.getByText('out of 100').count()).toBe(1)
  })

  wholeProofTest('a 429 of Telegram’s is shown with its words, and costs no lesson', async () => {
    const { page, phone } = await studio.openFor('Leoš')
    const way = await openWay(page)
    await press(way, 'Telegram says 429')
    await say(phone, 'Mám pes.')
    await phone.getByText('out of 100').waitFor()
    await openWay(page)
    await oddities(way).getByText('Too Many Requests: retry after 3').first().waitFor()
  })

  wholeProofTest('Telegram’s slowness lasts until its switch is pressed again', async () => {
    const { page, phone } = await studio.openFor('Linda')
    const way = await openWay(page)
    await press(way, 'Telegram is slow')
    await way.getByRole('button', { name: 'Telegram is slow', pressed: true }).waitFor()
    await say(phone, '/help')
    await phone.getByRole('article', { name: 'Honzík' }).waitFor()
    await openWay(page)
    const sending = way.getByRole('region', { name: 'Telegram' }).getByRole('row')
    await sending.filter({ hasText: /sendMessage.*[3-9]\.\d\d s/ }).waitFor()
    await press(way, 'Telegram is slow')
    await way.getByRole('button', { name: 'Telegram is slow', pressed: false }).waitFor()
  })

  wholeProofTest(
    'a 429 of the provider’s is shown as its refused call, and costs no lesson',
    async () => {
      const { page, phone } = await studio.openFor('Lubor')
      const way = await openWay(page)
      await press(way, 'Provider says 429')
      await say(phone, 'Mám pes.')
      await phone.getByText('out of 100').waitFor()
      await openWay(page)
      await oddities(way).getByText('/chat/completions failed: rate-limited').waitFor()
    },
  )

  wholeProofTest(
    'a lesson waits while the quota is exhausted, and goes on afterwards',
    async () => {
      const { page, phone } = await studio.openFor('Luděk')
      const way = await openWay(page)
      await press(way, 'Quota exhausted')
      await say(phone, 'Mám pes.')
      await page.locator('.trouble').getByText('provider-quota-exhausted').waitFor()
      expect(await phone.getByText('out of 100').count()).toBe(0)
      await press(way, 'Quota exhausted')
      // Sooner than the half minute after which the provider is asked again.
      await page.getByRole('button', { name: 'Move the time' }).click()
      await page.getByRole('button', { name: 'To 23:59' }).click()
      await phone.getByText('out of 100').waitFor()
    },
  )

  wholeProofTest(
    'what comes while the database is away is delivered again and answered',
    async () => {
      const { page, phone } = await studio.openFor('Lydie')
      const way = await openWay(page)
      await press(way, 'Database away')
      await say(phone, 'Mám pes.')
      await phone.getByText('out of 100').waitFor()
      await openWay(page)
      await oddities(way).getByText('Delivery 1: 503').waitFor()
    },
  )

  wholeProofTest(
    'the page says that killed functions start anew, and what is sent waits for them',
    async () => {
      const { page, phone } = await studio.openFor('Lumír')
      const way = await openWay(page)
      await press(way, 'Kill the process')
      const hindrance = page.getByText('The functions are starting. What you send waits for them.')
      await hindrance.waitFor()
      await say(phone, 'Mám pes.')
      await phone.getByText('out of 100').waitFor()
      await hindrance.waitFor({ state: 'detached' })
    },
  )
}

/** Opens the way of what was done last. */
async function openWay(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'The last update' }).click()
  return wayIn(page)
}

const press = (way: Locator, name: string) => way.getByRole('button', { name }).click()

const oddities = (way: Locator) => way.getByRole('region', { name: 'Out of the ordinary' })
