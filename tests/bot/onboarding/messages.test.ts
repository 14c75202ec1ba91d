import { describe, expect, it } from 'vitest'
import {
  chooseLevelMessage,
  helpMessage,
  readyMessage,
  textMessage,
  waitOf,
} from '../../../lib/bot/onboarding/messages.ts'
import { parseTelegramHtml } from '../telegram-html.ts'

const LIMITS = { maxSeconds: 60, minLength: 2, maxLength: 2000, voice: 5, text: 6 }

describe('the help', () => {
  it('tells the plan, the rules and the commands', () => {
    const commands = [{ name: 'start', description: 'Познакомиться и начать' }]
    expect(helpMessage('ru', LIMITS, commands)).toBe(
      [
        '🎙 Пришли голосовое до 60 секунд или текст от 2 до 2\u00a0000 символов на чешском.',
        '✏️ Я показываю, что слышу, объясняю ошибки и отвечаю голосом. Просто продолжай разговор!',
        '📅 Каждый день: 5 голосовых уроков и 6 текстовых. Сообщения без чешского не считаются.',
        '⭐ За урок: 1 звезда, и ещё одна за результат от 80.',
        '🔥 Говори каждый день: с 7-го дня подряд урок приносит ещё +2, с 30-го +5.',
        '🏁 5 уроков за день: ещё 5 звёзд.',
        '🔒 Сообщения обрабатывает OpenAI: распознаёт голос и готовит ответ. Записи мы не храним, только текст урока.',
        '/start – Познакомиться и начать',
      ].join('\n\n'),
    )
  })
})

describe('the first steps', () => {
  it.each(['ru', 'uk', 'en', 'cs'] as const)(
    'in %s are messages that Telegram takes',
    (language) => {
      const levels = parseTelegramHtml(chooseLevelMessage(language))
      expect(levels.entities.map(({ tag }) => tag)).toEqual(['b', 'b', 'b', 'b'])
      const ready = parseTelegramHtml(readyMessage(language))
      expect(ready.entities).toEqual([
        { tag: 'blockquote', text: 'Ahoj, Honzíku! Dneska je hezky a já se učím česky.' },
      ])
    },
  )

  it('do not link to a site that happens to have the product’s name', () => {
    expect(textMessage('en', 'welcome.new')).toContain('Mluv.\u2060Me')
  })
})

describe('a wait', () => {
  it.each([
    [1, { unit: 'minutes', amount: 1 }],
    [61, { unit: 'minutes', amount: 2 }],
    [59 * 60, { unit: 'minutes', amount: 59 }],
    [59 * 60 + 1, { unit: 'hours', amount: 1 }],
    [90 * 60, { unit: 'hours', amount: 2 }],
    [25 * 3600, { unit: 'hours', amount: 25 }],
  ])('of %i s is told as %o', (seconds, wait) => {
    expect(waitOf(seconds)).toEqual(wait)
  })
})
