import { expect } from 'vitest'
import { wholeProofTest } from '../../../support/proof-width.ts'
import { barriersOf, SHOP, type StudioPages } from './studio-pages.ts'

/** For whom the page is: any colour scheme, any width, the keyboard alone, and this machine only. */
export function usabilityTests(studio: StudioPages): void {
  wholeProofTest(
    'axe finds nothing serious beside the lesson API, in the dark, and on a page 360 px wide',
    async () => {
      const page = await studio.open({ colorScheme: 'light' })
      const phone = page.getByRole('region', { name: 'Adam’s phone' })
      await phone.getByRole('button', { name: SHOP }).first().click()
      await phone.getByText('out of 100').first().waitFor()
      await page.getByRole('button', { name: 'Lesson API' }).click()
      expect(await barriersOf(page)).toEqual([])
      await page.emulateMedia({ colorScheme: 'dark' })
      await page.setViewportSize({ width: 360, height: 740 })
      expect(await barriersOf(page)).toEqual([])
      await page.getByRole('button', { name: 'Lesson API' }).click()
      expect(await phone.boundingBox()).toMatchObject({ width: 360 })
      const overflowing = await phone.evaluate((element) =>
        [...element.querySelectorAll('*')]
          .filter(
            (part) => !part.closest('.notes, svg') && part.getBoundingClientRect().right > 361,
          )
          .map((part) => part.className),
      )
      expect(overflowing).toEqual([])
    },
  )

  wholeProofTest(
    'the keyboard alone sends, plays, opens hidden text and closes what it opened',
    async () => {
      const { page, phone } = await studio.openFor('Klara')
      await phone.getByRole('button', { name: SHOP }).first().press('Enter')
      await phone.getByLabel('Message from Klara').focus()
      await page.keyboard.type('Já mám rád česká jídlo.')
      await page.keyboard.press('Enter')
      await phone.getByText('out of 100').nth(1).waitFor()
      await phone.getByRole('button', { name: 'Hidden text' }).first().press('Enter')
      expect(await phone.locator('.spoiler.open').count()).toBe(1)
      await phone.getByRole('button', { name: 'Commands' }).press('Enter')
      await phone.getByRole('button', { name: '/help' }).waitFor()
      await page.keyboard.press('Escape')
      expect(await phone.getByRole('button', { name: '/help' }).count()).toBe(0)
      expect(await page.evaluate('document.activeElement.ariaLabel')).toBe('Commands')
    },
  )

  wholeProofTest(
    'the functions serve nothing of the studio, and the studio refuses other sites’ pages',
    async () => {
      const page = await studio.open()
      await page.getByRole('button', { name: 'Lesson API' }).click()
      const command = await page.locator('.lesson-api pre').textContent()
      const [functions] = /http:\/\/localhost:\d+/.exec(command ?? '') ?? []
      for (const path of ['/studio/chats', '/main.tsx', '/scripts/studio/page/index.html']) {
        expect((await fetch(`${functions}${path}`)).status).toBe(404)
      }
      const response = await fetch(`${studio.url()}/studio/act`, {
        method: 'POST',
        headers: { origin: 'https://elsewhere.example', 'content-type': 'application/json' },
        body: JSON.stringify({ learnerId: 42, act: { kind: 'text', text: 'Ahoj' } }),
      })
      expect(response.status).toBe(400)
    },
  )
}
