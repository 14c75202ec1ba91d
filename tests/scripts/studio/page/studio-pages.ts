import { join, resolve } from 'node:path'
import axe from 'axe-core'
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { type RunningScript, runScript } from '../../run-script.ts'
import { writeMicrophone } from './microphone.ts'

const DEV = join(resolve(import.meta.dirname, '../../../..'), 'scripts/dev.ts')

/** Said in Czech with one mistake: a ready-made voice note. */
export const SHOP = 'Včera jsem šel do obchod a koupil jsem chleba.'

/** The pages of one running studio, for the tests of all subjects. */
export type StudioPages = {
  url(): string
  /** Opens the page anew; it is closed after the test. */
  open(options?: BrowserContextOptions): Promise<Page>
  /** Adds a learner whom no other test has to a page that stays open, since with many learners opening it takes long. */
  openFor(name: string, language?: string): Promise<{ page: Page; phone: Locator }>
}

/** Starts the studio before the tests of a `describe` and ends it after them. */
export function studioPages(browser: () => Browser): StudioPages {
  let studio: RunningScript
  let url = ''
  let pages: Page[] = []
  let lasting: Page | undefined

  beforeAll(async () => {
    await writeMicrophone()
    studio = runScript(DEV, { PORT: '0' })
    url = (await studio.prints(/Talk to Honzík at (\S+)/))[1] ?? ''
  })
  afterEach(async () => {
    await Promise.all(pages.map((page) => page.context().close()))
    pages = []
  })
  afterAll(async () => {
    await lasting?.context().close()
    await studio.dispose()
  })

  async function openPage(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser().newContext({
      permissions: ['microphone', 'clipboard-write', 'clipboard-read'],
      ...options,
    })
    const page = await context.newPage()
    page.setDefaultTimeout(60_000)
    await page.goto(url)
    return page
  }

  return {
    url: () => url,
    async open(options) {
      const page = await openPage(options)
      pages.push(page)
      return page
    },
    async openFor(name, language) {
      lasting ??= await openPage()
      const page = lasting
      const close = wayIn(page).getByRole('button', { name: 'Close' })
      if (await close.isVisible()) await close.click()
      return { page, phone: await addLearner(page, name, language) }
    },
  }
}

/** Adds a learner; their phone. */
export async function addLearner(page: Page, name: string, language = 'en'): Promise<Locator> {
  await page.getByRole('button', { name: 'Add a learner' }).click()
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByLabel('Language of their Telegram').selectOption(language)
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  return page.getByRole('region', { name: `${name}’s phone` })
}

/** Writes a message in the only phone of its learner. */
export async function say(phone: Locator, text: string): Promise<void> {
  const field = phone.getByLabel('Message from')
  await field.fill(text)
  await field.press('Enter')
}

/** Picks something to do with a message from its menu. */
export async function choose(message: Locator, words: string): Promise<void> {
  await message.getByRole('button', { name: 'What to do with this message' }).click()
  await message.getByRole('button', { name: words }).click()
}

/** The panel of one update. */
export const wayIn = (page: Page): Locator =>
  page.getByRole('complementary', { name: 'The way of the update' })

/** What axe finds in a page that keeps a person from using it. */
export async function barriersOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate<axe.AxeResults>('axe.run()')
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`))
}
