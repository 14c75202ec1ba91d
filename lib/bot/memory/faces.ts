import type { Learner } from '../../domain/learner/learner.ts'
import type { Fact } from '../../domain/memory/facts.ts'
import { renderHtml, type Section } from '../html.ts'
import { buttonOf } from '../presses.ts'
import { type Face, MEMORY, withWayBack } from '../settings/face.ts'
import { chunk } from '../settings/language-pages.ts'
import { textMessage } from '../text-message.ts'
import type { InterfaceLanguage } from '../texts/language.ts'
import { text } from '../texts/texts.ts'

const FACES = ['list', 'ask-all', 'ask-off'] as const
export type MemoryFace = (typeof FACES)[number]

const CHANGES = ['clear', 'off', 'on'] as const
export type MemoryChange = (typeof CHANGES)[number]

/** The button that turns the card to what is remembered, or to a question about it. */
export const SHOW = {
  name: MEMORY,
  read: (value: string): MemoryFace | undefined => FACES.find((face) => face === value),
}
/** The button that forgets a fact, by its id. */
export const FORGET = {
  name: 'memory-forget',
  read(value: string): number | undefined {
    const id = Number(value)
    return Number.isSafeInteger(id) && id > 0 && String(id) === value ? id : undefined
  },
}
/** The button that forgets all, or turns remembering on or off. */
export const CHANGE = {
  name: 'memory-set',
  read: (value: string): MemoryChange | undefined => CHANGES.find((change) => change === value),
}

const FACTS_A_ROW = 5

/** What is remembered, each fact with a button that forgets it. */
export function listFace(
  language: InterfaceLanguage,
  { remembers }: Learner,
  facts: readonly Fact[],
): Face {
  if (!remembers) {
    const turnOn = buttonOf(CHANGE, 'on', text(language, 'memory.turnOn'))
    return face(language, [[{ text: `🧠 ${text(language, 'memory.isOff')}` }]], [[turnOn]])
  }
  const label = text(language, 'memory.turnOff')
  // Where there is nothing to lose, nothing is asked.
  if (facts.length === 0) {
    const turnOff = buttonOf(CHANGE, 'off', label)
    return face(language, [[{ text: `🧠 ${text(language, 'memory.empty')}` }]], [[turnOff]])
  }
  const lines = facts.map(({ text: fact }, index) => `${index + 1}. ${fact}`).join('\n')
  const forgetting = facts.map(({ id }, index) => buttonOf(FORGET, id, `✕ ${index + 1}`))
  return face(
    language,
    [[{ text: `🧠 ${text(language, 'memory.list')}` }], [{ text: lines }]],
    [
      ...chunk(forgetting, FACTS_A_ROW),
      [
        buttonOf(SHOW, 'ask-all', text(language, 'memory.forgetAll')),
        buttonOf(SHOW, 'ask-off', label),
      ],
    ],
  )
}

/** Asks before all is forgotten. */
export function questionFace(
  language: InterfaceLanguage,
  question: Exclude<MemoryFace, 'list'>,
): Face {
  const [key, change] =
    question === 'ask-all'
      ? (['memory.forgetAll', 'clear'] as const)
      : (['memory.turnOff', 'off'] as const)
  return {
    html: textMessage(language, `${key}.ask`),
    keyboard: {
      inline_keyboard: [
        [buttonOf(CHANGE, change, text(language, `${key}.yes`))],
        [buttonOf(SHOW, 'list', `« ${text(language, 'settings.back')}`)],
      ],
    },
  }
}

function face(
  language: InterfaceLanguage,
  sections: readonly Section[],
  rows: Face['keyboard']['inline_keyboard'],
): Face {
  return withWayBack(language, {
    html: renderHtml(sections),
    keyboard: { inline_keyboard: rows },
  })
}
