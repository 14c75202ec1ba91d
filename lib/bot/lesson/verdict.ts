import type { Edit } from '../../domain/diff/word-diff.ts'
import type { Character, CorrectionsLevel } from '../../domain/learner/learner.ts'
import { CHALLENGE_LESSONS, starReasons } from '../../domain/learner/progress.ts'
import type { LessonKind, Mistake, NewWord } from '../../domain/lesson/lesson.ts'
import { SHOWN_MISTAKES, shownEdits } from '../../domain/lesson/shown-edits.ts'
import { renderHtml, type Section, type Span } from '../html.ts'
import { dashOf, type InterfaceLanguage } from '../texts/language.ts'
import { text } from '../texts/texts.ts'
import { changedWordsInBold, markUp } from './marked-text.ts'
import { heading, joinSpans, leftLines, saidHeading } from './sections.ts'

/** The content of a lesson's last message. */
export type Verdict = {
  kind: LessonKind
  said: string
  correctedText: string
  /** From said to corrected, in order and not overlapping. */
  edits: readonly Edit[]
  mistakes: readonly Mistake[]
  suggestion: string
  newWords: readonly NewWord[]
  /** 0 to 100; 100 only where every word was right. */
  score: number
  /** Without the challenge's bonus. */
  starsEarned: number
  bonusStars: number
  totalStars: number
  /** The streak to show today, in days; 0 is not shown. */
  streak: number
  /** Lessons of that day, this one counted. */
  lessonsOnDay: number
  /** How many lessons of this kind the day has left; undefined where that is not said. */
  lessonsLeft?: number
  reply: string
  /** In the learner's language; empty above the first steps. */
  replyTranslation: string
  /** What the learner can say next; none above the first steps. */
  readyAnswers: readonly NewWord[]
  /** There is no voice note of it to listen to first. */
  isReplyWritten: boolean
  character: Character
  /** How many mistakes are shown at once. */
  correctionsLevel: CorrectionsLevel
  /** False where no correction could be trusted: there is no score. */
  graded: boolean
  /** Words that were probably misheard, as spelled. */
  doubtfulWords: readonly string[]
}

/** More marks than these make a text unreadable: then what was said stays plain, and the corrected text has them. */
const MAX_MARKED_EDITS = 8
/**
 * Telegram keeps 100 stretches of markup a message and drops those after them (seen in rubenlagus/TelegramBots issue
 * 854). Eight edits take 16, eight mistakes 8, a corrected text 60, headings and the rest under 10.
 */
const MAX_LISTED = 8

/** The transcript, shown at once and later edited into the verdict. */
export function transcriptMessage(language: InterfaceLanguage, transcript: string): string {
  return renderHtml([[...heading('🎙', text(language, 'verdict.heard')), { text: transcript }]])
}

/**
 * What was said with its marks, the mistakes that the level shows, the progress, and the tutor's reply; what else there
 * is to read is folded up. `sectionsAbove` stand before all of it.
 */
export function verdictMessage(
  language: InterfaceLanguage,
  verdict: Verdict,
  sectionsAbove: readonly Section[] = [],
): string {
  return renderHtml([
    ...sectionsAbove,
    saidSection(language, verdict),
    correctionSection(language, verdict),
    judgement(language, verdict),
    mistakesSection(shownMistakes(verdict)),
    progressSection(language, verdict),
    replySection(language, verdict),
    readyAnswersSection(language, verdict.readyAnswers),
    foldedSection(language, verdict),
  ])
}

/** The answer to a question in another language: what was asked, the reply, the words, and that it was no lesson. */
export function answerMessage(
  language: InterfaceLanguage,
  { said, reply, newWords, character }: Pick<Verdict, 'said' | 'reply' | 'newWords' | 'character'>,
): string {
  return renderHtml([
    [{ text: `❓ ${said}` }],
    replySection(language, { kind: 'text', character, reply, replyTranslation: '' }),
    wordsSection(language, newWords),
    [{ text: text(language, 'reply.question'), style: 'i' }],
  ])
}

/** The tutor's reply in writing, where there is no speech of it. */
export function replyTextMessage(
  language: InterfaceLanguage,
  character: Character,
  reply: string,
  { isSpared = false } = {},
): string {
  const why = isSpared ? 'reply.speechSpared' : 'reply.speechFailed'
  return renderHtml([
    [{ text: `🔇 ${text(language, why)}` }],
    replySection(language, { kind: 'text', character, reply, replyTranslation: '' }),
  ])
}

function saidSection(language: InterfaceLanguage, verdict: Verdict): Section {
  const { kind, said, doubtfulWords } = verdict
  const edits = isMarkedInPlace(verdict) ? editsShown(verdict) : []
  return [...saidHeading(language, kind), ...markUp(said, edits, doubtfulWords)]
}

function editsShown({ edits, mistakes, correctionsLevel }: Verdict): Edit[] {
  return shownEdits(edits, mistakes, correctionsLevel)
}

/** Tells whether the marks go into what was said; else into the corrected text. */
function isMarkedInPlace({ edits, correctionsLevel }: Verdict): boolean {
  const visible = edits.filter(({ kind }) => kind !== 'typography' && kind !== 'diacritics')
  return correctionsLevel !== 'detailed' || visible.length <= MAX_MARKED_EDITS
}

/** The corrected text with its changed words in bold, where there are too many to mark them in what was said. */
function correctionSection(language: InterfaceLanguage, verdict: Verdict): Section {
  if (!verdict.graded || isMarkedInPlace(verdict)) return []
  return [
    ...heading('✅', text(language, 'verdict.corrected')),
    ...changedWordsInBold(verdict.kind, verdict.said, verdict.correctedText),
  ]
}

function judgement(language: InterfaceLanguage, verdict: Verdict): Section {
  const { score, mistakes, graded, doubtfulWords, correctedText, edits } = verdict
  if (!graded) return [{ text: `🤷 ${text(language, 'verdict.ungraded')}` }]
  const lines: Span[][] = []
  if (doubtfulWords.length > 0)
    lines.push([{ text: text(language, 'verdict.doubtful'), style: 'i' }])
  // Of what was not heard nothing is known.
  else if (score === 100 && mistakes.length === 0)
    lines.push([{ text: `👏 ${text(language, 'verdict.praise')}` }])
  if (edits.some(({ kind }) => kind === 'diacritics')) {
    const label = heading('✍️', text(language, 'verdict.diacritics'))
    lines.push([...label, { text: correctedText, style: 'blockquote' }])
  }
  return joinSpans(lines, '\n')
}

function shownMistakes({ mistakes, correctionsLevel }: Verdict): readonly Mistake[] {
  return mistakes.slice(0, SHOWN_MISTAKES[correctionsLevel])
}

function mistakesSection(mistakes: readonly Mistake[]): Section {
  const entries = mistakes.map(
    ({ original, corrected, explanationCs, explanationNative }): Span[] => [
      { text: `✏️ ${original} → ` },
      { text: corrected, style: 'b' },
      { text: `\n${explanationNative || explanationCs}` },
    ],
  )
  return joinSpans(entries, '\n')
}

/** A line of what the lesson brought, and one of what is left where that is little. */
function progressSection(language: InterfaceLanguage, verdict: Verdict): Section {
  const { score, graded, starsEarned, bonusStars, streak } = verdict
  const parts = [
    ...(graded ? [`🎯 ${text(language, 'verdict.score', { score })}`] : []),
    `⭐ +${starsEarned}`,
    ...(streak > 0 ? [`🔥 ${streak}`] : []),
  ]
  const lines = [
    parts.join(' · '),
    ...(bonusStars === 0
      ? []
      : [`🏁 ${text(language, 'challenge.completed', { stars: bonusStars })}`]),
    ...leftLines(language, verdict),
  ]
  return [{ text: lines.join('\n') }]
}

/** What most learners pass over: Czech explanations, tip, words, and the day's counts. */
function foldedSection(language: InterfaceLanguage, verdict: Verdict): Section {
  const { suggestion, newWords } = verdict
  const blocks = [
    shownMistakes(verdict)
      .filter(hasBothExplanations)
      .map(({ explanationCs }) => `✏️ ${explanationCs}`)
      .join('\n'),
    suggestion === '' ? '' : `💡 ${text(language, 'verdict.tip')}: ${suggestion}`,
    newWords
      .slice(0, MAX_LISTED)
      .map((word) => `📖 ${word.czech}${translationAfterDash(language, word)}`)
      .join('\n'),
    dayLines(language, verdict).join('\n'),
  ]
  const foldedText = blocks.filter((block) => block !== '').join('\n')
  return foldedText === '' ? [] : [{ text: foldedText, style: 'blockquote expandable' }]
}

/** Tells whether more was found than the level shows: the detailed verdict has it. */
export function hasMore(verdict: Verdict): boolean {
  if (!verdict.graded || verdict.correctionsLevel === 'detailed') return false
  const { mistakes, edits } = verdict
  const isMistakeLeftOut = shownMistakes(verdict).length < Math.min(mistakes.length, MAX_LISTED)
  return isMistakeLeftOut || edits.some((edit) => isLeftOut(edit, verdict))
}

function isLeftOut(edit: Edit, verdict: Verdict): boolean {
  if (edit.kind === 'typography' || edit.kind === 'diacritics') return false
  return !editsShown(verdict).includes(edit)
}

function hasBothExplanations({ explanationCs, explanationNative }: Mistake): boolean {
  return (
    explanationNative !== '' &&
    explanationCs !== '' &&
    explanationNative.trim() !== explanationCs.trim()
  )
}

function dayLines(language: InterfaceLanguage, verdict: Verdict): string[] {
  const { starsEarned, totalStars, bonusStars, streak, lessonsOnDay } = verdict
  const stars = text(language, 'stars.earned', { count: starsEarned, total: totalStars })
  return [
    `⭐ ${stars} (${reasonsText(language, starsEarned)})`,
    ...(streak > 0 ? [`🔥 ${text(language, 'streak.days', { days: streak })}`] : []),
    ...(bonusStars === 0 && lessonsOnDay < CHALLENGE_LESSONS
      ? [
          `🏁 ${text(language, 'challenge.progress', { done: lessonsOnDay, goal: CHALLENGE_LESSONS })}`,
        ]
      : []),
  ]
}

/** What the stars were for, in words. */
function reasonsText(language: InterfaceLanguage, starsEarned: number): string {
  const { lesson, goodScore, streak } = starReasons(starsEarned)
  const reasons = [text(language, 'stars.lesson', { count: lesson })]
  if (goodScore > 0) reasons.push(text(language, 'stars.goodScore', { count: goodScore }))
  if (streak > 0) reasons.push(text(language, 'stars.streak', { count: streak }))
  return reasons.join(', ')
}

type ReplyParts = Pick<Verdict, 'kind' | 'character' | 'reply' | 'replyTranslation'> & {
  isReplyWritten?: boolean
}

/** The reply and its translation; a voice lesson hides them until tapped, so that the learner listens first. */
function replySection(
  language: InterfaceLanguage,
  { kind, character, reply, replyTranslation, isReplyWritten = true }: ReplyParts,
): Section {
  const label = text(language, 'reply.label', { character })
  const isHidden = kind === 'voice' && !isReplyWritten
  const translation: Span[] =
    replyTranslation === ''
      ? []
      : [{ text: '\n' }, { text: replyTranslation, style: isHidden ? 'tg-spoiler' : 'i' }]
  if (!isHidden) return [...heading('💬', label), { text: reply }, ...translation]
  return [
    { text: '🔊 ' },
    { text: label, style: 'b' },
    { text: ` (${text(language, 'reply.listenFirst')})\n` },
    { text: reply, style: 'tg-spoiler' },
    ...translation,
  ]
}

function wordsSection(language: InterfaceLanguage, newWords: readonly NewWord[]): Section {
  if (newWords.length === 0) return []
  const label = heading('📖', text(language, 'verdict.newWords'))
  return [...label, ...wordLines(language, newWords.slice(0, MAX_LISTED))]
}

function readyAnswersSection(
  language: InterfaceLanguage,
  readyAnswers: readonly NewWord[],
): Section {
  if (readyAnswers.length === 0) return []
  const label = heading('🗣', text(language, 'reply.readyAnswers'))
  return [...label, ...wordLines(language, readyAnswers)]
}

function wordLines(language: InterfaceLanguage, words: readonly NewWord[]): Span[] {
  const lines = words.map((word): Span[] => [
    { text: word.czech, style: 'b' },
    { text: translationAfterDash(language, word) },
  ])
  return joinSpans(lines, '\n')
}

function translationAfterDash(language: InterfaceLanguage, { translation }: NewWord): string {
  return translation === '' ? '' : ` ${dashOf(language)} ${translation}`
}
