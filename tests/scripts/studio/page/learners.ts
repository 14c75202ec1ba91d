import { expect } from 'vitest'
import { commandMenu } from '../../../../lib/bot/commands.ts'
import { COMMANDS } from '../../../../lib/bot/features.ts'
import { wholeProofTest } from '../../../support/proof-width.ts'
import { addLearner, SHOP, type StudioPages, say } from './studio-pages.ts'

/** What learners are and set: several of them, their menu, what they forbid, their days. */
export function learnerTests(studio: StudioPages): void {
  wholeProofTest(
    'two learners talk at once, each in a phone, and a reload keeps both chats',
    async () => {
      const { page, phone: olga } = await studio.openFor('Olga', 'ru')
      const taras = await addLearner(page, 'Taras', 'uk')
      for (const phone of [olga, taras])
        await phone.getByRole('button', { name: SHOP }).first().click()
      await page.reload()
      await olga.getByText('родительный падеж').waitFor()
      await taras.getByText('родовий відмінок').waitFor()
      expect(await olga.getByText('родовий відмінок').count()).toBe(0)
    },
  )

  wholeProofTest('the menu of commands is in the language of the learner’s Telegram', async () => {
    const { phone } = await studio.openFor('Oksana', 'uk')
    await phone.getByRole('button', { name: 'Commands' }).click()
    const entries = phone.locator('.commands .pane button')
    expect(await entries.allTextContents()).toEqual(
      commandMenu(COMMANDS, 'uk').map(({ command, description }) => `/${command} ${description}`),
    )
  })

  wholeProofTest('settings change by their buttons', async () => {
    const { phone } = await studio.openFor('Ota')
    await phone.getByRole('button', { name: SHOP }).first().click()
    await phone.getByText('out of 100').waitFor()
    await phone.getByRole('button', { name: 'Commands' }).click()
    await phone.getByRole('button', { name: '/settings' }).click()
    await phone.getByRole('button', { name: 'Corrections' }).click()
    await phone.getByRole('button', { name: 'Every mistake' }).click()
    await phone.getByText('Corrections: Every mistake').waitFor()
  })

  wholeProofTest('a learner who forbids voice notes gets the voice as a file', async () => {
    const { page, phone } = await studio.openFor('Iva')
    await phone.getByRole('button', { name: 'Settings of' }).click()
    await phone.getByRole('switch', { name: 'Forbid voice messages' }).click()
    await page.keyboard.press('Escape')
    await phone.getByRole('button', { name: SHOP }).first().click()
    await phone.getByText('out of 100').waitFor()
    await phone.getByRole('link', { name: /\.(ogg|oga|mp3)/ }).waitFor()
    expect(await phone.locator('.by-bot .voice-note').count()).toBe(0)
  })

  wholeProofTest(
    'a blocked bot can be neither written nor heard, until it is unblocked',
    async () => {
      const { page, phone } = await studio.openFor('Igor')
      await phone.getByRole('button', { name: 'Settings of' }).click()
      await phone.getByRole('switch', { name: 'Block the bot' }).click()
      await page.keyboard.press('Escape')
      await phone.getByText('blocked', { exact: true }).waitFor()
      expect(await phone.getByLabel('Message from Igor').count()).toBe(0)
      await phone.getByRole('button', { name: 'Unblock the bot' }).click()
      await say(phone, '/help')
      await phone.getByRole('article', { name: 'Honzík' }).waitFor()
    },
  )

  wholeProofTest(
    'tomorrow is the next day for Telegram, functions and database, and keeps a streak',
    async () => {
      const { page, phone } = await studio.openFor('Nora')
      await phone.getByRole('button', { name: SHOP }).first().click()
      await phone.getByText('🔥 1').first().waitFor()
      await page.getByRole('button', { name: 'Move the time' }).click()
      await page.getByRole('button', { name: 'A day on' }).click()
      await phone.getByRole('button', { name: 'Já bydlím v Praha' }).click()
      await phone.getByText('🔥 2').first().waitFor()
      expect(await phone.locator('.day').count()).toBe(2)
    },
  )
}
