import { describe, expect, it } from 'vitest'
import { commandMenu } from '../../../lib/bot/commands.ts'
import { COMMAND_GROUPS } from '../../../lib/bot/feature.ts'
import { COMMANDS } from '../../../lib/bot/features.ts'
import { helpMessage } from '../../../lib/bot/help/help-message.ts'
import { MAX_MESSAGE_LENGTH } from '../../../lib/bot/html.ts'
import { TEXTS } from '../../../lib/bot/texts/texts.ts'
import { parseTelegramHtml } from '../telegram-html.ts'

const LIMITS = { maxSeconds: 60, minLength: 2, maxLength: 2000, voice: 5, text: 6 }

describe('the help', () => {
  it('the help has its groups in order: how lessons go, what they bring, what can be set, what is kept', () => {
    const groups = [
      { group: 'account', menu: [{ command: 'privacy', description: 'Что хранится' }] },
      { group: 'learn', menu: [{ command: 'start', description: 'Познакомиться и начать' }] },
      { group: 'settings', menu: [] },
    ] as const
    expect(helpMessage('ru', LIMITS, groups)).toBe(
      [
        '<b>Учиться</b>\n🎙 Пришли голосовое до 60 секунд или текст от 2 до 2\u00a0000 символов на чешском.',
        '✏️ Я показываю, что слышу, объясняю ошибки и отвечаю голосом. Просто продолжай разговор!',
        '💡 Хочешь сначала попробовать без готового ответа? Выбери в /corrections «Сначала дай попробовать», и вместо исправления придёт подсказка.',
        '📅 Каждый день: 5 голосовых уроков и 6 текстовых. Сообщения без чешского не считаются.',
        '/start — Познакомиться и начать',
        '<b>Успехи</b>\n⭐ За урок: 1 звезда. Ещё одна, если в сообщении хотя бы 4 слова и результат от 80, но не за тот же текст ещё раз. Результат — это сколько слов из 100 верны: одна ошибка на шесть слов — это 83.',
        '🔥 Говори каждый день: с 7-го дня подряд урок приносит ещё +2, с 30-го +5.',
        '🏁 5 уроков за день: ещё 5 звёзд.',
        '<b>Мои данные</b>\n🔒 Сообщения обрабатывает OpenAI: распознаёт голос и готовит ответ. Записи мы не храним, только текст урока.',
        '/privacy — Что хранится',
      ].join('\n\n'),
    )
  })

  it.each(['ru', 'uk', 'en', 'cs'] as const)(
    'the help with all commands is one message that is not cut, in %s',
    (language) => {
      const groups = COMMAND_GROUPS.map((group) => ({
        group,
        menu: commandMenu(
          COMMANDS.filter((command) => command.group === group),
          language,
        ),
      }))
      const { text } = parseTelegramHtml(helpMessage(language, LIMITS, groups))
      expect(text.length).toBeLessThan(MAX_MESSAGE_LENGTH)
      expect(text).not.toContain('…')
      const headings = COMMAND_GROUPS.map((group) =>
        text.indexOf(TEXTS[language][`help.group.${group}`]),
      )
      expect(headings).not.toContain(-1)
      expect(headings).toEqual(headings.toSorted((a, b) => a - b))
    },
  )
})
