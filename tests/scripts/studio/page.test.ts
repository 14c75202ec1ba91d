import { readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import axe from 'axe-core'
import { OggOpusDecoder } from 'ogg-opus-decoder'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { inspectAudio } from '../../../lib/adapters/audio/file.ts'
import { describeInBrowser } from '../../support/browser.ts'
import { wholeProofTest } from '../../support/proof-width.ts'
import { type RunningScript, runScript } from '../run-script.ts'

const ROOT = resolve(import.meta.dirname, '../../..')
/** What Chromium's fake microphone plays. */
const MICROPHONE = join(tmpdir(), `mluv-me-microphone-${process.pid}.wav`)
const ARGS = [
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  `--use-file-for-fake-audio-capture=${MICROPHONE}`,
]
vi.setConfig({ testTimeout: 120_000 })
const SHOP = 'Včera jsem šel do obchod a koupil jsem chleba.'

describeInBrowser(
  'the studio',
  (browser) => {
    let studio: RunningScript
    let url = ''
    let open: Page[] = []
    beforeAll(async () => {
      await writeMicrophone()
      studio = runScript(join(ROOT, 'scripts/dev.ts'), { PORT: '0' })
      url = (await studio.prints(/Talk to Honzík at (\S+)/))[1] ?? ''
    })
    afterEach(async () => {
      await Promise.all(open.map((page) => page.context().close()))
      open = []
    })
    afterAll(() => studio.dispose())

    async function openPage(options: BrowserContextOptions = {}): Promise<Page> {
      const context = await browser().newContext({
        permissions: ['microphone', 'clipboard-write', 'clipboard-read'],
        ...options,
      })
      const page = await context.newPage()
      page.setDefaultTimeout(60_000)
      open.push(page)
      await page.goto(url)
      return page
    }

    /** The phone of a learner whom no other test has. */
    async function newLearner(page: Page, name: string, language = 'en') {
      await page.getByRole('button', { name: 'Add a learner' }).click()
      await page.getByLabel('Name', { exact: true }).fill(name)
      await page.getByLabel('Language of their Telegram').selectOption(language)
      await page.getByRole('button', { name: 'Add', exact: true }).click()
      return page.getByRole('region', { name: `${name}’s phone` })
    }

    test('one click has a voice note heard, corrected and answered with sound, and axe finds nothing serious', async () => {
      const page = await openPage()
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
      await note.getByRole('button', { name: 'What to do with this message' }).click()
      await note.getByRole('button', { name: 'The way of its update' }).click()
      const way = page.getByRole('complementary', { name: 'The way of the update' })
      await way.getByText('All done after').waitFor()
      expect(await findings(page)).toEqual([])
    })

    wholeProofTest(
      'a lesson by microphone: the note is Ogg with Opus that the functions take',
      async () => {
        const page = await openPage()
        const phone = await newLearner(page, 'Mila')
        await phone.getByRole('button', { name: 'Record a voice message' }).click()
        await phone.getByText('0:02 recording').waitFor()
        await phone.getByRole('button', { name: 'Send the recording' }).click()
        const note = phone.getByRole('article', { name: 'You' })
        await note.getByText('hears nothing').waitFor({ state: 'attached' })
        await phone.locator('.by-bot').getByText('Dobrý den, jak se máte?').first().waitFor()
        const path = await note.getAttribute('data-file')
        const bytes = new Uint8Array(await (await fetch(`${url}${path}`)).arrayBuffer())
        const file = await inspectAudio(bytes)
        expect(file).toMatchObject({ format: 'ogg', codec: 'opus' })
        expect(file?.durationSeconds).toBeGreaterThan(1.5)
        expect(await loudness(bytes)).toBeGreaterThan(0.01)
      },
    )

    wholeProofTest('buttons under an answer, and "I said something else"', async () => {
      const page = await openPage()
      const phone = await newLearner(page, 'Eva')
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
      await phone.getByRole('button', { name: 'I said something else' }).click()
      await phone.locator('.draft').getByText('Reply').waitFor()
      await phone.getByLabel('Message from Eva').fill('Já bydlím v Praha už dva roky.')
      await page.keyboard.press('Enter')
      await phone.getByText('v Praha → v Praze').waitFor()
    })

    wholeProofTest('settings change by their buttons', async () => {
      const page = await openPage()
      const phone = await newLearner(page, 'Ota')
      await phone.getByRole('button', { name: SHOP }).first().click()
      await phone.getByText('out of 100').waitFor()
      await phone.getByRole('button', { name: 'Commands' }).click()
      await phone.getByRole('button', { name: '/settings' }).click()
      await phone.getByRole('button', { name: 'Corrections' }).click()
      await phone.getByRole('button', { name: 'Every mistake' }).click()
      await phone.getByText('Corrections: Every mistake').waitFor()
    })

    wholeProofTest(
      'two learners talk at once, each in a phone, and a reload keeps both chats',
      async () => {
        const page = await openPage()
        const [olga, taras] = [
          await newLearner(page, 'Olga', 'ru'),
          await newLearner(page, 'Taras', 'uk'),
        ]
        for (const phone of [olga, taras])
          await phone.getByRole('button', { name: SHOP }).first().click()
        await page.reload()
        await olga.getByText('родительный падеж').waitFor()
        await taras.getByText('родовий відмінок').waitFor()
        expect(await olga.getByText('родовий відмінок').count()).toBe(0)
      },
    )

    wholeProofTest(
      'a learner forbids voice notes, blocks the bot and deletes a message',
      async () => {
        const page = await openPage()
        const phone = await newLearner(page, 'Iva')
        const turn = async (name: string) => {
          await phone.getByRole('button', { name: 'Settings of' }).click()
          await phone.getByRole('switch', { name }).click()
          await page.keyboard.press('Escape')
        }
        await turn('Forbid voice messages')
        await phone.getByRole('button', { name: SHOP }).first().click()
        await phone.getByText('out of 100').waitFor()
        expect(await phone.locator('.by-bot .voice-note').count()).toBe(0)
        await turn('Block the bot')
        await phone.getByRole('button', { name: 'Unblock the bot' }).click()
        await phone.getByLabel('Message from Iva').waitFor()

        const first = phone.getByRole('article').first()
        await first.getByRole('button', { name: 'What to do with this message' }).click()
        await first.getByRole('button', { name: 'Delete for both' }).click()
        await first.getByText(SHOP).waitFor({ state: 'detached' })
      },
    )

    wholeProofTest('time moves on for Telegram, functions and database', async () => {
      const page = await openPage()
      const phone = await newLearner(page, 'Nora')
      await phone.getByRole('button', { name: SHOP }).first().click()
      await phone.getByText('🔥 1').first().waitFor()
      await page.getByRole('button', { name: 'Move the time' }).click()
      await page.getByRole('button', { name: 'A day on' }).click()
      await phone.getByRole('button', { name: 'Já bydlím v Praha' }).click()
      await phone.getByText('🔥 2').first().waitFor()
      expect(await phone.locator('.day').count()).toBe(2)
    })

    wholeProofTest(
      'axe finds nothing serious, in light, in dark, and on a page 360 px wide',
      async () => {
        const page = await openPage({ colorScheme: 'light' })
        const phone = page.getByRole('region', { name: 'Adam’s phone' })
        await phone.getByRole('button', { name: SHOP }).first().click()
        await phone.getByText('out of 100').first().waitFor()
        await phone.getByText('out of 100').first().click()
        const way = page.getByRole('complementary', { name: 'The way of the update' })
        await way.getByText('All done after').waitFor()
        await page.getByRole('button', { name: 'Lesson API' }).click()
        expect(await findings(page)).toEqual([])
        await way.getByRole('button', { name: 'Close' }).click()
        await page.getByRole('button', { name: 'Lesson API' }).click()
        await page.emulateMedia({ colorScheme: 'dark' })
        await page.setViewportSize({ width: 360, height: 740 })
        expect(await findings(page)).toEqual([])
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
        const page = await openPage()
        const phone = await newLearner(page, 'Klara')
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
        const page = await openPage()
        await page.getByRole('button', { name: 'Lesson API' }).click()
        const command = await page.locator('.lesson-api pre').textContent()
        const [functions] = /http:\/\/localhost:\d+/.exec(command ?? '') ?? []
        for (const path of ['/studio/chats', '/main.tsx', '/scripts/studio/page/index.html']) {
          expect((await fetch(`${functions}${path}`)).status).toBe(404)
        }
        const response = await fetch(`${url}/studio/act`, {
          method: 'POST',
          headers: { origin: 'https://elsewhere.example', 'content-type': 'application/json' },
          body: JSON.stringify({ learnerId: 42, act: { kind: 'text', text: 'Ahoj' } }),
        })
        expect(response.status).toBe(400)
      },
    )
  },
  ARGS,
)

/** What axe finds in a page that keeps a person from using it. */
async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate<axe.AxeResults>('axe.run()')
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`))
}

/** Writes the first recording as what the fake microphone takes: WAV, 48 kHz, 16 bits. */
async function writeMicrophone(): Promise<void> {
  const ogg = readFileSync(join(ROOT, 'scripts/studio/recordings/1-shop.ogg'))
  const samples = await decoded(new Uint8Array(ogg))
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + samples.length * 2, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(48_000, 24)
  header.writeUInt32LE(96_000, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36)
  header.writeUInt32LE(samples.length * 2, 40)
  const pcm = Int16Array.from(samples, (sample) => Math.round(sample * 32_767))
  writeFileSync(MICROPHONE, Buffer.concat([header, Buffer.from(pcm.buffer)]))
}

async function loudness(ogg: Uint8Array): Promise<number> {
  const samples = await decoded(ogg)
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length)
}

async function decoded(ogg: Uint8Array): Promise<Float32Array> {
  const decoder = new OggOpusDecoder()
  await decoder.ready
  const { channelData } = await decoder.decodeFile(ogg)
  decoder.free()
  return channelData[0] ?? new Float32Array()
}
