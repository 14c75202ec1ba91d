import { expect, test, vi } from 'vitest'
import { describeInBrowser } from '../../support/browser.ts'
import { chatTests } from './page/chat.ts'
import { faultTests } from './page/faults.ts'
import { learnerTests } from './page/learners.ts'
import { lessonTests } from './page/lessons.ts'
import { MICROPHONE_ARGS } from './page/microphone.ts'
import { barriersOf, choose, studioPages, wayIn } from './page/studio-pages.ts'
import { usabilityTests } from './page/usability.ts'

vi.setConfig({ testTimeout: 120_000 })

// One file, because a studio takes seconds to start; the facts of each subject are in the folder beside.
describeInBrowser(
  'the studio',
  (browser) => {
    const studio = studioPages(browser)

    test('one click has a voice note heard, corrected and answered with sound, and axe finds nothing serious', async () => {
      const page = await studio.open({ colorScheme: 'light' })
      const phone = page.getByRole('region', { name: 'Adam’s phone' })
      await phone.getByRole('button', { name: 'Send this voice message' }).click()
      const verdict = phone.getByRole('article').filter({ hasText: 'out of 100' })
      await verdict.getByText('The preposition do takes the genitive').waitFor()
      expect(await verdict.locator('s').textContent()).toBe('obchod')
      await verdict.getByText('imitated: recogniser, tutor').waitFor()
      await phone.getByRole('button', { name: /^Pause the voice message of/ }).waitFor()
      await phone.getByText('imitated: tutor, voice').waitFor()
      const note = phone.getByRole('article').first()
      await note.getByText('imitated: recogniser').waitFor()
      await choose(note, 'The way of its update')
      await wayIn(page).getByText('All done after').waitFor()
      expect(await barriersOf(page)).toEqual([])
    })

    // First, because axe looks at every phone on the page.
    usabilityTests(studio)
    learnerTests(studio)
    chatTests(studio)
    lessonTests(studio)
    // Last, because a fault is everyone's.
    faultTests(studio)
  },
  MICROPHONE_ARGS,
)
