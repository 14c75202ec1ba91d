import type { Learner } from '../../domain/learner/learner.ts'
import { findZone, timeIn, USUAL_ZONES } from '../../domain/learner/time-zones.ts'
import { renderHtml } from '../html.ts'
import { buttonOf } from '../presses.ts'
import { textMessage } from '../text-message.ts'
import type { InterfaceLanguage } from '../texts/language.ts'
import { text } from '../texts/texts.ts'
import { type Face, withWayBack } from './face.ts'

/** The button that asks whether a zone is the right one, by the time there. */
export const ASK_ZONE = { name: 'card-zone-ask', read: findZone }
/** The button that sets a zone. */
export const SET_ZONE = { name: 'card-zone', read: findZone }

/** A zone as learners read it: `Europe/Prague · 18:05`. */
export function zoneWithTime(zone: string, instant: Date): string {
  return `${zone.replaceAll('_', ' ')} · ${timeIn(zone, instant)}`
}

/** Asks where the learner lives: the usual places, and how to name another one. */
export function zoneFace(language: InterfaceLanguage, learner: Learner, now: Date): Face {
  return placesFace(language, text(language, 'zone.ask'), USUAL_ZONES, now, learner.timeZone)
}

/** Asks which of several places is meant. */
export function severalZonesFace(
  language: InterfaceLanguage,
  zones: readonly string[],
  now: Date,
): Face {
  return placesFace(language, text(language, 'zone.several'), zones, now)
}

/** Shows the time in a zone, to be confirmed. */
export function confirmZoneFace(language: InterfaceLanguage, zone: string, now: Date): Face {
  const place = { zone: zone.replaceAll('_', ' '), time: timeIn(zone, now) }
  const button = buttonOf(SET_ZONE, zone, text(language, 'zone.confirm.button'))
  return withWayBack(language, {
    html: textMessage(language, 'zone.confirm', place),
    keyboard: { inline_keyboard: [[button]] },
  })
}

/** Says one thing, with the way back below it. */
export function messageFace(language: InterfaceLanguage, html: string): Face {
  return withWayBack(language, { html, keyboard: { inline_keyboard: [] } })
}

function placesFace(
  language: InterfaceLanguage,
  question: string,
  zones: readonly string[],
  now: Date,
  chosenZone?: string,
): Face {
  const rows = zones.map((zone) => {
    const label = zoneWithTime(zone, now)
    return [buttonOf(ASK_ZONE, zone, zone === chosenZone ? `✓ ${label}` : label)]
  })
  return withWayBack(language, {
    html: renderHtml([[{ text: question }]]),
    keyboard: { inline_keyboard: rows },
  })
}
