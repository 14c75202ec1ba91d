import type { Alert } from '../../domain/alert/alert.ts'
import { escapeHtml } from '../html.ts'

/**
 * An alert as the operator's chat has it, in English: what is the matter, what to type, since when. Its words are ours, so that
 * nothing in them is defused: the command can be copied, and the link opened.
 */
export function alertMessage({ kind, summary, fix, since, link }: Alert): string {
  const sign = fix === '' ? '✅' : '🚨'
  return [
    `${sign} <b>Mluv.Me: ${escapeHtml(kind)}</b>`,
    escapeHtml(summary),
    ...(fix === '' ? [] : [`<code>${escapeHtml(fix)}</code>`]),
    `since ${escapeHtml(since.slice(0, 16).replace('T', ' '))} UTC`,
    ...(link === null ? [] : [escapeHtml(link)]),
  ].join('\n')
}
