import type { Edit } from '../../domain/diff/word-diff.ts'
import { wordsOf } from '../../domain/diff/words.ts'
import type { Character } from '../../domain/learner/learner.ts'
import { CHALLENGE_LESSONS, isGood, STARS_PER_LESSON } from '../../domain/learner/progress.ts'
import type { LessonKind, Mistake, NewWord } from '../../domain/lesson/lesson.ts'
import { renderHtml, type Section, type Span } from '../html.ts'
import type { InterfaceLanguage } from '../texts/language.ts'
import { text } from '../texts/texts.ts'

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
  reply: string
  /** In the learner's language; empty above the first steps. */
  replyTranslation: string
  /** What the learner can say next; none above the first steps. */
  readyAnswers: readonly NewWord[]
  character: Character
}

/**
 * Telegram keeps 100 stretches of markup a message and drops those after them (seen in
 * rubenlagus/TelegramBots issue 854), and the last one here is the reply's spoiler: 20 edits take 40,
 * 8 mistakes 24, 8 words 8, headings and the rest under 15.
 */
const MAX_MARKED_EDITS = 20
const MAX_LISTED = 8

/** The transcript, shown at once and later edited into the verdict. */
export function transcriptMessage(language: InterfaceLanguage, transcript: string): string {
  return renderHtml([[...heading('🎙', text(language, 'verdict.heard')), { text: transcript }]])
}

/** The utterance with its edits, the mistakes, the progress, and the tutor's reply. */
export function verdictMessage(language: InterfaceLanguage, verdict: Verdict): string {
  return renderHtml([
    saidSection(language, verdict),
    judgement(language, verdict),
    mistakesSection(language, verdict.mistakes),
    tipSection(language, verdict.suggestion),
    wordsSection(language, verdict.newWords),
    progressSection(language, verdict),
    replySection(language, verdict),
    readyAnswersSection(language, verdict.readyAnswers),
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
): string {
  return renderHtml([
    [{ text: `🔇 ${text(language, 'reply.speechFailed')}` }],
    replySection(language, { kind: 'text', character, reply, replyTranslation: '' }),
  ])
}

function heading(emoji: string, label: string): Span[] {
  return [{ text: `${emoji} ` }, { text: label, style: 'b' }, { text: '\n' }]
}

function saidSection(language: InterfaceLanguage, { kind, said, edits }: Verdict): Section {
  const label =
    kind === 'voice'
      ? heading('🎙', text(language, 'verdict.heard'))
      : heading('✍️', text(language, 'verdict.wrote'))
  return [...label, ...markUp(said, edits)]
}

/** The utterance, every error struck through and followed by its replacement. */
function markUp(said: string, edits: readonly Edit[]): Span[] {
  const wordEdits = edits
    .filter(({ kind }) => kind !== 'typography' && kind !== 'diacritics')
    .slice(0, MAX_MARKED_EDITS)
  const spans: Span[] = []
  let position = 0
  for (const { patch, original, replacement } of wordEdits) {
    const removedText = said.slice(patch.from, patch.to)
    spans.push(
      { text: said.slice(position, patch.from) },
      { text: spaceBefore(removedText) || spaceBefore(patch.text) },
      { text: original, style: 's' },
      { text: original !== '' && replacement !== '' ? ' ' : '' },
      { text: replacement, style: 'b' },
      { text: spaceAfter(removedText) || spaceAfter(patch.text) },
    )
    position = patch.to
  }
  return [...spans, { text: said.slice(position) }]
}

function spaceBefore(text: string): string {
  return text.slice(0, text.length - text.trimStart().length)
}

function spaceAfter(text: string): string {
  return text.slice(text.trimEnd().length)
}

function judgement(language: InterfaceLanguage, verdict: Verdict): Section {
  const { score, mistakes, said, correctedText, edits } = verdict
  if (score === 100 && mistakes.length === 0) {
    const praise: Section = [{ text: `👏 ${text(language, 'verdict.praise')}` }]
    if (!edits.some(({ kind }) => kind === 'diacritics')) return praise
    const label = heading('✍️', text(language, 'verdict.diacritics'))
    return [...praise, { text: '\n\n' }, ...label, { text: correctedText, style: 'blockquote' }]
  }
  if (correctedText === said) return []
  const label = heading('✅', text(language, 'verdict.corrected'))
  return [...label, { text: correctedText, style: 'blockquote' }]
}

function mistakesSection(language: InterfaceLanguage, mistakes: readonly Mistake[]): Section {
  if (mistakes.length === 0) return []
  const entries = mistakes
    .slice(0, MAX_LISTED)
    .map((mistake): Span[] => [
      { text: mistake.original, style: 's' },
      { text: ' → ' },
      { text: mistake.corrected, style: 'b' },
      { text: '\n' },
      ...explanation(mistake),
    ])
  const label = heading('✏️', text(language, 'verdict.mistakes'))
  return [...label, ...joinSpans(entries, '\n\n')]
}

function explanation({ explanationCs, explanationNative }: Mistake): Span[] {
  const czech: Span = { text: explanationCs, style: 'i' }
  const isSame = explanationNative.trim() === explanationCs.trim()
  if (explanationNative === '' || isSame) return [czech]
  return explanationCs === ''
    ? [{ text: explanationNative }]
    : [czech, { text: `\n${explanationNative}` }]
}

function tipSection(language: InterfaceLanguage, suggestion: string): Section {
  if (suggestion === '') return []
  return [...heading('💡', text(language, 'verdict.tip')), { text: suggestion }]
}

function wordsSection(language: InterfaceLanguage, newWords: readonly NewWord[]): Section {
  if (newWords.length === 0) return []
  const entries = newWords.slice(0, MAX_LISTED).map(wordSpans)
  return [...heading('📖', text(language, 'verdict.newWords')), ...joinSpans(entries, '\n')]
}

function progressSection(language: InterfaceLanguage, verdict: Verdict): Section {
  const { score, starsEarned, bonusStars, totalStars, streak, lessonsOnDay } = verdict
  const stars = text(language, 'stars.earned', { count: starsEarned, total: totalStars })
  const lines: Span[][] = [
    [{ text: '🎯 ' }, { text: text(language, 'verdict.score', { score }), style: 'b' }],
    [{ text: `⭐ ${stars}\n` }, { text: starReasons(language, verdict), style: 'i' }],
  ]
  if (streak > 0) lines.push([{ text: `🔥 ${text(language, 'streak.days', { days: streak })}` }])
  if (bonusStars > 0) {
    lines.push([{ text: `🏁 ${text(language, 'challenge.completed', { stars: bonusStars })}` }])
  } else if (lessonsOnDay < CHALLENGE_LESSONS) {
    const progress = { done: lessonsOnDay, goal: CHALLENGE_LESSONS }
    lines.push([{ text: `🏁 ${text(language, 'challenge.progress', progress)}` }])
  }
  return joinSpans(lines, '\n')
}

/** What the stars were for: those that neither the lesson nor its score brought came from the streak. */
function starReasons(
  language: InterfaceLanguage,
  { said, score, starsEarned }: Pick<Verdict, 'said' | 'score' | 'starsEarned'>,
): string {
  const forScore = isGood({ score, wordsSaid: wordsOf(said).length }) ? 1 : 0
  const forStreak = starsEarned - STARS_PER_LESSON - forScore
  const reasons = [text(language, 'stars.lesson', { count: STARS_PER_LESSON })]
  if (forScore > 0) reasons.push(text(language, 'stars.goodScore', { count: forScore }))
  if (forStreak > 0) reasons.push(text(language, 'stars.streak', { count: forStreak }))
  return reasons.join(', ')
}

/** The reply and its translation; a voice lesson hides them until tapped, so that the learner listens first. */
function replySection(
  language: InterfaceLanguage,
  {
    kind,
    character,
    reply,
    replyTranslation,
  }: Pick<Verdict, 'kind' | 'character' | 'reply' | 'replyTranslation'>,
): Section {
  const label = text(language, 'reply.label', { character })
  const isHidden = kind === 'voice'
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

function readyAnswersSection(
  language: InterfaceLanguage,
  readyAnswers: readonly NewWord[],
): Section {
  if (readyAnswers.length === 0) return []
  return [
    ...heading('🗣', text(language, 'reply.readyAnswers')),
    ...joinSpans(readyAnswers.map(wordSpans), '\n'),
  ]
}

function wordSpans({ czech, translation }: NewWord): Span[] {
  return [{ text: czech, style: 'b' }, { text: translation === '' ? '' : ` – ${translation}` }]
}

function joinSpans(items: readonly Span[][], separator: string): Span[] {
  return items.flatMap((item, index) => (index === 0 ? item : [{ text: separator }, ...item]))
}
