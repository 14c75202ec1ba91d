import { renderHtml } from './html.ts'
import type { InterfaceLanguage } from './texts/language.ts'
import { type ArgumentsOf, type TextKey, text } from './texts/texts.ts'

/** One of the texts as a message in HTML. */
export function textMessage<K extends TextKey>(
  language: InterfaceLanguage,
  key: K,
  ...args: ArgumentsOf<K>
): string {
  return renderHtml([[{ text: text(language, key, ...args) }]])
}
