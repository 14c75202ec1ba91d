import { describe, expect, it } from 'vitest'
import { refusalMessage, waitOf } from '../../../lib/bot/lesson/refusals.ts'

describe('a wait', () => {
  it.each([
    [1, { unit: 'minutes', amount: 1 }],
    [61, { unit: 'minutes', amount: 2 }],
    [59 * 60, { unit: 'minutes', amount: 59 }],
    [59 * 60 + 1, { unit: 'hours', amount: 1 }],
    [90 * 60, { unit: 'hours', amount: 2 }],
    [25 * 3600, { unit: 'hours', amount: 25 }],
  ])('a wait of %i s is told as %o', (seconds, wait) => {
    expect(waitOf(seconds)).toEqual(wait)
  })
})

describe('a day that is used up', () => {
  const usedUp = { kind: 'quota-used-up', lessonKind: 'voice', limit: 5 } as const

  it.each([
    [
      'ru',
      'Голосовые уроки на сегодня закончились (5 в день). Новые появятся завтра. На сегодня осталось ещё 2 текстовых урока.',
    ],
    [
      'uk',
      'Голосові уроки на сьогодні закінчилися (5 на день). Нові з’являться завтра. На сьогодні лишилося ще 2 текстові уроки.',
    ],
    [
      'en',
      'Your voice lessons for today are used up (5 a day). New ones come tomorrow. You have 2 text lessons left today.',
    ],
    [
      'cs',
      'Hlasové lekce na dnešek jsou vyčerpané (5 denně). Další budou zítra. Na dnešek zbývají ještě 2 textové lekce.',
    ],
  ] as const)(
    'a plan used up just after midnight says that lessons come tomorrow, and names the other kind, in %s',
    (language, message) => {
      const refusal = { ...usedUp, otherLeft: 2, secondsLeft: 24 * 3600 - 60 }
      expect(refusalMessage(language, refusal)).toBe(message)
    },
  )

  it.each([
    ['ru', 'На голосовые я здесь не отвечаю. На сегодня осталось ещё 2 текстовых урока.'],
    ['uk', 'На голосові я тут не відповідаю. На сьогодні лишилося ще 2 текстові уроки.'],
    ['en', 'I don’t answer voice notes here. You have 2 text lessons left today.'],
    ['cs', 'Na hlasovky tady neodpovídám. Na dnešek zbývají ještě 2 textové lekce.'],
  ] as const)(
    'a plan without lessons of a kind promises none for tomorrow, in %s',
    (language, message) => {
      const refusal = { ...usedUp, limit: 0, otherLeft: 2, secondsLeft: 3 * 3600 }
      expect(refusalMessage(language, refusal)).toBe(message)
    },
  )

  it('a plan used up in the evening says the wait in hours, and names no kind that has nothing left', () => {
    const refusal = { ...usedUp, otherLeft: 0, secondsLeft: 3 * 3600 }
    expect(refusalMessage('en', refusal)).toBe(
      'Your voice lessons for today are used up (5 a day). New ones come in 3 hours.',
    )
  })
})
