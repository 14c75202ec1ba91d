import { NATIVE_LANGUAGES } from '../../domain/learner/languages.ts'
import { LEVELS, type Level } from '../../domain/learner/learner.ts'
import { LANGUAGE_PAGES } from './language-pages.ts'

/** What a press of one of our buttons means. */
export type Press =
  | { kind: 'native'; code: string }
  | { kind: 'native-page'; page: number }
  | { kind: 'level'; level: Level }

/** Packs a press into a button's callback data, which Telegram limits to 64 bytes. */
export function packPress(press: Press): string {
  switch (press.kind) {
    case 'native':
      return `native:${press.code}`
    case 'native-page':
      return `native-page:${press.page}`
    case 'level':
      return `level:${press.level}`
  }
}

/** Reads callback data, which anyone can forge: undefined for whatever no button of ours has today. */
export function unpackPress(data: string): Press | undefined {
  const colon = data.indexOf(':')
  const kind = data.slice(0, Math.max(0, colon))
  const value = data.slice(colon + 1)
  switch (kind) {
    case 'native':
      return NATIVE_LANGUAGES.some(({ code }) => code === value) ? { kind, code: value } : undefined
    case 'native-page': {
      const page = Number(value)
      return String(page) === value && page in LANGUAGE_PAGES ? { kind, page } : undefined
    }
    case 'level': {
      const level = LEVELS.find((each) => each === value)
      return level && { kind, level }
    }
    default:
      return undefined
  }
}
