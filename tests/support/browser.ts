import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe } from 'vitest'

/** Where Debian's package and Google's put it. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/google-chrome']
const CHROMIUM = process.env.CHROMIUM_PATH ?? PLACES.find((path) => existsSync(path))

/**
 * Describes facts about pages in a real browser. Where there is no Chromium they are reported as skipped; under
 * CI, which installs it, that is a failure.
 */
export function describeInBrowser(
  title: string,
  body: (browser: () => Browser) => void,
  args: readonly string[] = [],
): void {
  const isMissing = CHROMIUM === undefined || !existsSync(CHROMIUM)
  if (isMissing && process.env.CI !== undefined) {
    throw new Error('No Chromium (CHROMIUM_PATH says where): CI insists on one.')
  }
  describe.skipIf(isMissing)(isMissing ? `${title} (skipped: no Chromium)` : title, () => {
    let browser: Browser
    beforeAll(async () => {
      browser = await chromium.launch({
        ...(CHROMIUM && { executablePath: CHROMIUM }),
        // Containers have neither a user namespace for Chromium's sandbox nor a large /dev/shm.
        args: ['--no-sandbox', '--disable-dev-shm-usage', ...args],
      })
    })
    afterAll(() => browser.close())
    body(() => browser)
  })
}
