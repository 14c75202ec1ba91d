import { expect } from 'vitest'
import { type Person, RECORDED, sendRecorded, type WholeBot } from '../support/whole-bot.ts'
import type { FaultRow } from './fault-row.ts'
import { LANGUAGE } from './sights.ts'

/** What a learner writes; the stand-in's tutor finds nothing wrong with it. */
export const LEARNERS_TEXT = 'Rád piju černou kávu.'

/** Opens a chat whose learner is ready for the act of a row. */
export async function preparePerson(bot: WholeBot, { does }: FaultRow): Promise<Person> {
  switch (does) {
    case 'sends a voice note':
    case 'sends a text':
    case 'sends silence':
      return bot.learner(LANGUAGE)
    case 'begins with /start':
      return bot.stranger(LANGUAGE)
    case 'chooses a language':
    case 'turns the page':
      return greetStranger(bot)
    case 'chooses a level': {
      const person = await greetStranger(bot)
      person.taps(newestOf(person), `native:${LANGUAGE}`)
      await bot.settled()
      return person
    }
  }
}

/** Performs the act of a row. */
export function act(person: Person, { does, note }: FaultRow): void {
  switch (does) {
    case 'sends a voice note': {
      const { bytes = RECORDED.shop.bytes, declaredBytes } = note ?? {}
      const fileSize = declaredBytes === undefined ? {} : { fileSize: declaredBytes }
      return void person.sendsVoice(bytes, { duration: 4, ...fileSize })
    }
    case 'sends a text':
      return void person.says(LEARNERS_TEXT)
    case 'sends silence':
      return void sendRecorded(person, 'silence')
    case 'begins with /start':
      return void person.says('/start')
    case 'chooses a language':
      return void person.taps(newestOf(person), `native:${LANGUAGE}`)
    case 'turns the page':
      return void person.taps(newestOf(person), 'native-page:1')
    case 'chooses a level':
      return void person.taps(newestOf(person), 'level:advanced')
  }
}

async function greetStranger(bot: WholeBot): Promise<Person> {
  const person = bot.stranger(LANGUAGE)
  person.says('/start')
  await bot.settled()
  return person
}

function newestOf(person: Person): number {
  return person.seen().at(-1)?.id ?? expect.fail('The bot has said nothing.')
}
