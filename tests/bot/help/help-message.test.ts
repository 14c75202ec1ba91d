import { describe, expect, it } from 'vitest'
import { helpMessage } from '../../../lib/bot/help/help-message.ts'

const LIMITS = { maxSeconds: 60, minLength: 2, maxLength: 2000, voice: 5, text: 6 }

describe('the help', () => {
  it('the help tells the plan, the rules and the commands', () => {
    const start = { command: 'start', description: 'Познакомиться и начать' }
    const groups = [
      { group: 'learn', menu: [start] },
      { group: 'progress', menu: [] },
    ] as const
    expect(helpMessage('ru', LIMITS, groups)).toBe(
      [
        '🎙 Пришли голосовое до 60 секунд или текст от 2 до 2\u00a0000 символов на чешском.',
        '✏️ Я показываю, что слышу, объясняю ошибки и отвечаю голосом. Просто продолжай разговор!',
        '📅 Каждый день: 5 голосовых уроков и 6 текстовых. Сообщения без чешского не считаются.',
        '⭐ За урок: 1 звезда. Ещё одна, если в сообщении хотя бы 4 слова и результат от 80 – но не за тот же текст ещё раз. Результат – сколько слов из 100 верны: одна ошибка на шесть слов – это 83.',
        '🔥 Говори каждый день: с 7-го дня подряд урок приносит ещё +2, с 30-го +5.',
        '🏁 5 уроков за день: ещё 5 звёзд.',
        '🔒 Сообщения обрабатывает OpenAI: распознаёт голос и готовит ответ. Записи мы не храним, только текст урока.',
        '<b>Учиться</b>\n/start – Познакомиться и начать',
      ].join('\n\n'),
    )
  })
})
