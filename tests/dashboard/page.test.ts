import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '../../db/open.ts'
import { openDashboard } from '../../lib/adapters/dashboard.ts'
import { serverRoutes } from '../../scripts/cli/routes.ts'
import { SECRETS, type Served, serveFunctions } from '../security/served.ts'
import { describeInBrowser } from '../support/browser.ts'
import { wholeProofTest } from '../support/proof-width.ts'
import { addFailedJob, fillBusyMonth } from './busy-month.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** Where pictures of the page are put, for whom looks at them. */
const PICTURES = process.env.DASHBOARD_PICTURES

describeInBrowser('The dashboard', (browser: () => Browser) => {
  let server: Served
  let context: BrowserContext
  let page: Page
  const complaints: string[] = []

  beforeAll(async () => {
    server = await serveFunctions({ DAILY_BUDGET_USD: '2' }, serverRoutes)
    await server.deps.sweep()
    context = await browser().newContext({
      viewport: { width: 1280, height: 900 },
      timezoneId: 'UTC',
    })
    page = await context.newPage()
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('request', (request) => {
      if (!request.url().startsWith(server.url)) complaints.push(`asks for ${request.url()}`)
    })
  })
  afterAll(() => server.close())
  afterEach(() => complaints.splice(0))

  async function signIn(token: string = SECRETS.ADMIN_TOKEN): Promise<void> {
    await page.getByLabel('Admin token').fill(token)
    await page.getByRole('button', { name: 'Sign in' }).click()
  }

  /** What keeps people from using the page as it is now, by axe's rules. */
  async function barriers(): Promise<string[]> {
    // By the debugger's own way: the page's policy lets no script of anybody else's in.
    const { violations } = (await page.evaluate(`${AXE}; axe.run()`)) as {
      violations: { id: string; impact: string; nodes: { html: string }[] }[]
    }
    return violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0]?.html}`)
  }

  async function choose(period: string): Promise<void> {
    const answer = page.waitForResponse((response) => response.url().includes('?period='))
    await page.getByText(period, { exact: true }).click()
    await answer
  }

  async function picture(name: string): Promise<void> {
    if (PICTURES === undefined) return
    await page.evaluate('scrollTo(0, 0)')
    await page.screenshot({ path: `${PICTURES}/dashboard-${name}.png`, fullPage: true })
  }

  /** The charts are drawn anew a frame after the window has changed. */
  async function pageIsAsWideAsTheWindow(): Promise<void> {
    await page.waitForFunction('document.documentElement.scrollWidth <= innerWidth')
  }

  test('the page asks for the admin token, says that a wrong one is wrong, and opens to the right one', async () => {
    await page.goto(`${server.url}/dashboard`)
    await page.getByRole('heading', { name: 'Mluv.Me dashboard' }).waitFor()
    expect(await barriers()).toEqual([])
    await picture('sign-in')
    await signIn('a-wrong-token-of-tests')
    await page.getByText('This is not the ADMIN_TOKEN').waitFor()
    await signIn()
    await page.getByText(/^Updated \d\d:\d\d$/).waitFor()
    expect(complaints.filter((text) => !/401/.test(text))).toEqual([])
    const [cookie] = await context.cookies()
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/api/dashboard' })
  })

  wholeProofTest(
    'a dashboard without lessons says so in every part, and no check finds anything',
    async () => {
      await page.getByText('No lesson was asked for in this period.').waitFor()
      await page.getByText('None: every message has been answered.').waitFor()
      await page.getByText('No learner has come').waitFor()
      await page.getByText('no end is announced').first().waitFor()
      expect(await page.getByText('Something is wrong').count()).toBe(0)
      expect(await barriers()).toEqual([])
      await picture('empty')
      expect(complaints).toEqual([])
    },
  )

  test('the dashboard of a busy month shows lessons, waits, errors, learners and costs of each period', async () => {
    await fillBusyMonth(server.db)
    for (const period of ['30 days', '7 days']) await choose(period)
    expect(page.url()).toMatch(/\?period=7d$/)
    await page.reload()
    const taughtRow = page
      .getByRole('table', { name: 'How lessons ended' })
      .getByRole('row', { name: /taught voice/ })
    await taughtRow.waitFor()
    await page.getByRole('row', { name: /provider-rate-limited/ }).waitFor()
    await page.getByRole('row', { name: /gpt-6-luna/ }).waitFor()
    await page.getByText('As a table').first().click()
    expect(
      await page.getByRole('table', { name: 'Lessons', exact: true }).getByRole('row').count(),
    ).toBe(8)
    await page.getByText('As a table').first().click()
    expect(await barriers()).toEqual([])
    await choose('30 days')
    await picture('full')
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await barriers()).toEqual([])
    await picture('dark')
    await page.emulateMedia({ colorScheme: 'light' })
    expect(complaints).toEqual([])
  })

  wholeProofTest(
    'a dead job is retried and a poisoned one discarded from the page, and never is shown what was said',
    async () => {
      const deadId = await addFailedJob(server.db, {
        state: 'dead',
        lastError: 'provider-rejected: reply: status 400, code model_not_found',
      })
      const poison = await addFailedJob(server.db, {
        state: 'poison',
        lastError: 'SyntaxError: Tohle je tajné',
      })
      await addFailedJob(server.db, {
        state: 'waiting',
        lastError: 'provider-quota-exhausted: reply: status 429',
      })
      await page.reload()
      await page.getByText('Something is wrong').waitFor()
      await page.getByText(`Journal of job ${deadId}`).click()
      await page.getByText('status 400, code model_not_found').waitFor()
      await page.getByText(`Journal of job ${poison}`).click()
      await page
        .getByRole('table', { name: `Journal of job ${poison}` })
        .getByText('heard')
        .waitFor()
      expect(await page.content()).not.toContain('tajné')
      expect(await barriers()).toEqual([])
      await picture('failing')

      await page.getByRole('button', { name: `Retry job ${deadId}` }).click()
      await page.getByText(`Job ${deadId} runs again.`).waitFor()
      await page.getByRole('button', { name: `Discard job ${poison}` }).click()
      await page.getByRole('button', { name: `Keep job ${poison}` }).waitFor()
      await page.keyboard.press('Enter')
      await page.getByText(`Job ${poison} is discarded.`).waitFor()
      const rows = await server.db
        .selectFrom('inbox')
        .select(['id', 'state', 'last_error'])
        .orderBy('id')
        .execute()
      expect(rows.find(({ id }) => id === poison)).toMatchObject({ state: 'done' })
      expect(complaints).toEqual([])
    },
  )

  wholeProofTest(
    'the dashboard fits a window of 360 pixels and is worked by the keyboard',
    async () => {
      await page.setViewportSize({ width: 360, height: 780 })
      await pageIsAsWideAsTheWindow()
      expect(await barriers()).toEqual([])
      await picture('narrow')
      await page.getByRole('radio', { name: '30 days' }).focus()
      await page.keyboard.press('ArrowLeft')
      await page.waitForURL(/period=7d/)
      await page.setViewportSize({ width: 1280, height: 900 })
    },
  )

  wholeProofTest('signing out ends the session', async () => {
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByLabel('Admin token').waitFor()
    expect(await context.cookies()).toEqual([])
    await signIn()
    await page.getByText(/^Updated/).waitFor()
  })

  wholeProofTest(
    'with the database away the page says what is the matter and what to do, and signs in all the same',
    async () => {
      const database = await openDatabase({
        url: 'postgres://nobody@127.0.0.1:1/none',
        pgliteDir: '',
      })
      server.deps.dashboard = async () =>
        openDashboard({ database, now: server.deps.now, dailyBudgetUsd: undefined, stages: [] })
      await page.reload()
      await page.getByRole('heading', { name: 'The database does not answer' }).waitFor()
      await page.getByText(/check DATABASE_URL/).waitFor()
      expect(await barriers()).toEqual([])
      await picture('away')
      await page.getByRole('button', { name: 'Sign out' }).click()
      await signIn()
      await page.getByRole('heading', { name: 'The database does not answer' }).waitFor()
    },
  )
})
