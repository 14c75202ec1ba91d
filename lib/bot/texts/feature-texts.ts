import type { InterfaceLanguage } from './language.ts'

/** Of a text that is always the same. */
export type NoArguments = null

/** A feature's words, as ICU messages of plain text, from its keys and the arguments that each takes. */
export type FeatureTexts<T extends Record<keyof T, object | NoArguments>> = Readonly<
  Record<InterfaceLanguage, Readonly<Record<keyof T, string>>>
>
