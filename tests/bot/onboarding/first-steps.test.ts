import { describe, expect, it } from 'vitest'
import { readyMessage } from '../../../lib/bot/onboarding/level.ts'
import { chooseLevelMessage } from '../../../lib/bot/settings/level-question.ts'
import { textMessage } from '../../../lib/bot/text-message.ts'
import { parseTelegramHtml } from '../telegram-html.ts'

describe('the first steps', () => {
  it.each(['ru', 'uk', 'en', 'cs'] as const)(
    'the first steps in %s are messages that Telegram takes',
    (language) => {
      const levels = parseTelegramHtml(chooseLevelMessage(language))
      expect(levels.entities.map(({ tag }) => tag)).toEqual(['b', 'b', 'b', 'b', 'b'])
      const ready = parseTelegramHtml(readyMessage(language, 'beginner'))
      expect(ready.entities).toEqual([
        { tag: 'blockquote', text: 'Ahoj, Honzíku! Dneska je hezky a já se učím česky.' },
      ])
    },
  )

  it('the welcome does not link to a site that has the product’s name', () => {
    expect(textMessage('en', 'welcome.new')).toContain('Mluv.\u2060Me')
  })
})
