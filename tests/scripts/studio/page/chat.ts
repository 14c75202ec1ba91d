import { expect } from 'vitest'
import { wholeProofTest } from '../../../support/proof-width.ts'
import { choose, type StudioPages, say, wayIn } from './studio-pages.ts'

/** One red point. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
)

/** What messages look like, and what can be done with them. */
export function chatTests(studio: StudioPages): void {
  wholeProofTest('an edited message says so, and what quotes it has its new words', async () => {
    const { page, phone } = await studio.openFor('Alena')
    await say(phone, 'Jdu do škola.')
    const verdict = phone.getByRole('article', { name: 'Honzík' }).filter({ hasText: 'out of 100' })
    await verdict.waitFor()
    const ownMessage = phone.getByRole('article', { name: 'You' })
    await choose(ownMessage, 'Edit')
    await phone.getByLabel('Message from Alena').fill('Jdu domů.')
    await page.keyboard.press('Enter')
    await ownMessage.getByText('edited').waitFor()
    await phone.getByText('I don’t see edits').waitFor()
    expect(await verdict.locator('.reply-to').textContent()).toContain('Jdu domů.')
  })

  wholeProofTest('a reply from the menu quotes what it answers', async () => {
    const { phone } = await studio.openFor('Bela')
    await say(phone, '/start')
    await choose(phone.getByRole('article', { name: 'Honzík' }).first(), 'Reply')
    await phone.locator('.draft').getByText('Ahoj! Já jsem Honzík').waitFor()
    await say(phone, 'Jdu do škola.')
    const ownMessage = phone.getByRole('article', { name: 'You' }).last()
    await ownMessage.locator('.reply-to').getByText('Ahoj! Já jsem Honzík').waitFor()
  })

  wholeProofTest('a deleted message is gone', async () => {
    const { phone } = await studio.openFor('Ivo')
    await say(phone, '/privacy')
    await choose(phone.getByRole('article').first(), 'Delete for both')
    await phone.getByRole('article', { name: 'You' }).waitFor({ state: 'detached' })
    await phone.getByRole('article', { name: 'Honzík' }).waitFor()
  })

  wholeProofTest(
    'a photo is shown and a file named, and Honzík says that he sees neither',
    async () => {
      const { phone } = await studio.openFor('Cyril')
      const attachment = phone.getByLabel('Attach a file')
      await attachment.setInputFiles({ name: 'red.png', mimeType: 'image/png', buffer: PNG })
      await phone.getByText('I can’t see the photo').waitFor()
      const photo = phone.getByRole('img', { name: 'A photo' })
      expect(await photo.evaluate((image) => 'naturalWidth' in image && image.naturalWidth)).toBe(1)
      await attachment.setInputFiles({
        name: 'a.txt',
        mimeType: 'text/plain',
        buffer: Buffer.from('a'),
      })
      await phone.getByRole('link', { name: 'a.txt 1 B' }).waitFor()
      await phone.getByText('I don’t open files').waitFor()
    },
  )

  wholeProofTest('what is kept of a learner comes as a file to save', async () => {
    const { page, phone } = await studio.openFor('Dana')
    await say(phone, 'Bydlím v Brno.')
    await phone.getByText('out of 100').waitFor()
    await say(phone, '/export_me')
    const download = page.waitForEvent('download')
    await phone.getByRole('link', { name: 'mluv-me.json' }).click()
    const stream = await (await download).createReadStream()
    const chunks: Buffer[] = []
    for await (const chunk of stream) chunks.push(Buffer.from(chunk))
    expect(JSON.stringify(JSON.parse(String(Buffer.concat(chunks))))).toContain('Bydlím v Brno.')
  })

  wholeProofTest(
    'hidden text and a long quote open by a click, and open nothing else',
    async () => {
      const { page, phone } = await studio.openFor('Emil')
      await phone.getByRole('button', { name: 'Já bydlím v Praha' }).click()
      await phone.getByRole('button', { name: 'Hidden text' }).click()
      expect(await phone.locator('.spoiler.open').textContent()).toContain('to už Prahu znáš')
      const quote = phone.locator('blockquote.expandable > div')
      const heightOf = () => quote.evaluate((element) => element.clientHeight)
      const before = await heightOf()
      await phone.getByRole('button', { name: 'Show more' }).click()
      expect(await heightOf()).toBeGreaterThan(before)
      await phone.getByRole('button', { name: 'Show less' }).click()
      expect(await heightOf()).toBe(before)
      expect(await wayIn(page).count()).toBe(0)
    },
  )

  wholeProofTest('the end of a chat stays in view while its messages grow', async () => {
    const { phone } = await studio.openFor('Filip')
    for (const count of [1, 2, 3]) {
      await phone.getByRole('button', { name: 'Já bydlím v Praha' }).last().click()
      await phone
        .getByText('imitated: tutor, voice')
        .nth(count - 1)
        .waitFor()
    }
    const list = phone.getByRole('log')
    const hiddenBelow = () =>
      list.evaluate(
        ({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight,
      )
    await expect.poll(hiddenBelow).toBeLessThan(2)
  })

  wholeProofTest(
    'trouble names its update, which a click opens, and can be dismissed',
    async () => {
      const { page, phone } = await studio.openFor('Greta')
      await say(phone, 'Kde je nádraží mého psa?')
      const trouble = page.locator('.trouble').getByText('reply_unusable')
      await trouble.waitFor()
      await page.getByRole('button', { name: 'Its update' }).click()
      await wayIn(page)
        .getByRole('region', { name: 'Out of the ordinary' })
        .getByText('reply_unusable')
        .first()
        .waitFor()
      await page.getByRole('button', { name: 'Dismiss' }).click()
      expect(await trouble.count()).toBe(0)
    },
  )
}
