import type { LessonRefusal } from '../../app/lesson/lesson.ts'
import type { LessonKind } from '../../domain/lesson/lesson.ts'
import { MAX_TEXT_LENGTH, MAX_VOICE_SECONDS, MIN_TEXT_LENGTH } from '../../domain/lesson/limits.ts'
import { renderHtml } from '../html.ts'
import { textMessage } from '../text-message.ts'
import { type InterfaceLanguage, languageName } from '../texts/language.ts'
import { type TextArguments, text } from '../texts/texts.ts'

/** The message in place of a lesson: why there was none, and what to do. */
export function refusalMessage(language: InterfaceLanguage, refusal: LessonRefusal): string {
  switch (refusal.kind) {
    case 'voice-too-long': {
      const seconds = Math.ceil(refusal.seconds)
      return textMessage(language, 'voice.tooLong', { seconds, max: MAX_VOICE_SECONDS })
    }
    case 'voice-too-big':
      return textMessage(language, 'voice.tooBig')
    case 'voice-expired':
      return textMessage(language, 'voice.expired')
    case 'not-audio':
      return refusal.format === undefined
        ? textMessage(language, 'voice.damaged')
        : textMessage(language, 'voice.otherFormat', { format: refusal.format })
    case 'text-too-short':
      return textMessage(language, 'text.tooShort', { min: MIN_TEXT_LENGTH })
    case 'text-too-long': {
      const { length } = refusal
      return textMessage(language, 'text.tooLong', { length, max: MAX_TEXT_LENGTH })
    }
    case 'silence':
      return textMessage(language, 'voice.silence')
    case 'other-language':
      return otherLanguageMessage(language, refusal)
    case 'refused':
      return textMessage(language, 'failure.refused')
    case 'unanswerable':
      return textMessage(language, 'failure.unanswerable')
    case 'quota-used-up': {
      return usedUpMessage(language, refusal)
    }
    case 'unheard-used-up':
      return textMessage(language, 'quota.unheardUsedUp', waitOf(refusal.secondsLeft))
    case 'own-budget-used-up':
      return textMessage(language, 'quota.ownBudgetUsedUp')
    case 'budget-used-up':
      return textMessage(language, 'quota.budgetUsedUp')
  }
}

function usedUpMessage(
  language: InterfaceLanguage,
  { lessonKind: kind, limit, otherLeft, secondsLeft }: LessonRefusal & { kind: 'quota-used-up' },
): string {
  const usedUp = usedUpWords(language, { kind, limit, secondsLeft })
  if (otherLeft === 0) return renderHtml([[{ text: usedUp }]])
  const otherKind = kind === 'voice' ? 'text' : 'voice'
  const otherPlaces = text(language, 'quota.left', { kind: otherKind, count: otherLeft })
  return renderHtml([[{ text: `${usedUp} ${otherPlaces}` }]])
}

function usedUpWords(
  language: InterfaceLanguage,
  { kind, limit, secondsLeft }: { kind: LessonKind; limit: number; secondsLeft: number },
): string {
  // The operator's plan has none of this kind: tomorrow there are none either.
  if (limit === 0) return text(language, 'quota.none', { kind })
  return secondsLeft > TOMORROW_SECONDS
    ? text(language, 'quota.usedUpToday', { kind, limit })
    : text(language, 'quota.usedUp', { kind, limit, ...waitOf(secondsLeft) })
}

/** A wait longer than this is said as a day, not in hours. */
const TOMORROW_SECONDS = 12 * 3_600

function otherLanguageMessage(
  language: InterfaceLanguage,
  { lessonKind, language: heardLanguage }: LessonRefusal & { kind: 'other-language' },
): string {
  if (lessonKind === 'text') return textMessage(language, 'text.notCzech')
  if (heardLanguage === null) return textMessage(language, 'voice.notCzech')
  return textMessage(language, 'voice.otherLanguage', {
    language: languageName(language, heardLanguage),
  })
}

/** A wait as the texts about quotas name it: minutes below an hour, then hours to the nearest. */
export function waitOf(seconds: number): TextArguments['quota.unheardUsedUp'] {
  const minutes = Math.max(1, Math.ceil(seconds / 60))
  return minutes < 60
    ? { unit: 'minutes', amount: minutes }
    : { unit: 'hours', amount: Math.round(minutes / 60) }
}
