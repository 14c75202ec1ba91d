import { expect } from 'vitest'
import { inspectAudio } from '../../../../lib/adapters/audio/file.ts'
import { wholeProofTest } from '../../../support/proof-width.ts'
import { loudnessOf } from './microphone.ts'
import { SHOP, type StudioPages, say } from './studio-pages.ts'

/** A lesson: how it is begun, and the buttons under its answer. */
export function lessonTests(studio: StudioPages): void {
  wholeProofTest(
    'a lesson by microphone: the note is Ogg with Opus that the functions take',
    async () => {
      const { phone } = await studio.openFor('Mila')
      await phone.getByRole('button', { name: 'Record a voice message' }).click()
      await phone.getByText('0:02 recording').waitFor()
      await phone.getByRole('button', { name: 'Send the recording' }).click()
      const note = phone.getByRole('article', { name: 'You' })
      await note.getByText('hears nothing').waitFor({ state: 'attached' })
      await phone.locator('.by-bot').getByText('Dobrý den, jak se máte?').first().waitFor()
      const path = await note.getAttribute('data-file')
      const bytes = new Uint8Array(await (await fetch(`${studio.url()}${path}`)).arrayBuffer())
      const file = await inspectAudio(bytes)
      expect(file).toMatchObject({ format: 'ogg', codec: 'opus' })
      expect(file?.durationSeconds).toBeGreaterThan(1.5)
      expect(await loudnessOf(bytes)).toBeGreaterThan(0.01)
    },
  )

  wholeProofTest('buttons under an answer translate it and give answers to copy', async () => {
    const { page, phone } = await studio.openFor('Eva')
    await phone.getByRole('button', { name: SHOP }).first().click()
    await phone.getByRole('button', { name: 'Translate' }).click()
    await phone.locator('.by-bot .text').filter({ hasText: '🌐' }).waitFor()
    await phone.getByRole('button', { name: 'What can I say?' }).click()
    const answers = phone.locator('.text .code')
    await answers.first().click()
    await phone.getByText('copied').first().waitFor()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(
      await answers.first().locator('code').textContent(),
    )
  })

  wholeProofTest(
    '"I said something else" opens the field for a reply, which takes the lesson’s place',
    async () => {
      const { phone } = await studio.openFor('Petr')
      await phone.getByRole('button', { name: SHOP }).first().click()
      await phone.getByRole('button', { name: 'I said something else' }).click()
      await phone.locator('.draft').getByText('Reply').waitFor()
      await say(phone, 'Já bydlím v Praha už dva roky.')
      await phone.getByText('v Praha → v Praze').waitFor()
      await phone.getByText('do obchod → do obchodu').waitFor({ state: 'hidden' })
    },
  )

  wholeProofTest(
    'a hint comes before the correction, and the attempt is marked as imitated as the rest',
    async () => {
      const { phone } = await studio.openFor('Hana')
      await say(phone, 'Mám pes.')
      await phone.getByText('out of 100').waitFor()
      await say(phone, '/corrections')
      await phone.getByRole('button', { name: 'Let me try first' }).click()
      await phone.getByText('After a mistake: Let me try first').waitFor()
      await say(phone, 'Jdu do škola.')
      await phone.getByText('Which case is needed').waitFor()
      await say(phone, 'Jdu do školy.')
      const verdict = phone.getByRole('article').filter({ hasText: 'Right!' })
      await verdict.getByText('imitated: tutor').waitFor()
      // Of both lessons: the second one's was made before the attempt.
      await phone.getByText('imitated: tutor, voice').nth(1).waitFor()
    },
  )

  wholeProofTest(
    'the sentences that the imitated tutor knows by heart are there to be tried, and known once put right',
    async () => {
      const { phone } = await studio.openFor('Rita')
      await phone.getByRole('button', { name: 'Sentences to try' }).click()
      await phone.getByRole('button', { name: 'Bydlím v Brno.' }).click()
      await phone.getByText('v Brno → v Brně').waitFor()
      await say(phone, 'Bydlím v Brně.')
      await phone.getByText('No mistakes').waitFor()
    },
  )

  wholeProofTest('speech that comes from the cache is marked as imitated, too', async () => {
    const { phone } = await studio.openFor('Vlasta')
    for (const count of [1, 2]) {
      await phone.getByRole('button', { name: SHOP }).last().click()
      await phone
        .getByText('imitated: tutor, voice')
        .nth(count - 1)
        .waitFor()
    }
  })
}
