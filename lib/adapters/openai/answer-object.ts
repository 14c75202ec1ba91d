import { parseJson } from '../../domain/json.ts'

/** What models close a draft with. The last two open an answer: gpt-oss writes them where its server does not read them. */
const DRAFT_END =
  /<\/(think|thinking|thought|reasoning|reflection|seed:think)>|\[\/THINK\]|◁\/think▷|<\|channel\|>final<\|message\|>|<\|start\|>assistant<\|channel\|>final/i
/** What models open a draft with. */
const DRAFT_START =
  /^\s*(<(think|thinking|thought|reasoning|reflection|seed:think)>|\[THINK\]|◁think▷|<\|channel\|>(analysis|commentary))/i
/** The longest mark that closes a draft. */
const MAX_MARK_LENGTH = 50
/** White space and a fence: what may stand before an answer's object. */
const MAX_START_LENGTH = 100

/** How an answer begins: with its object, perhaps in a fence. */
const ANSWER_START = /^\s*(```\w*\s*)?[{]/

/** Objects that are looked at in a text: a model writes one, or a few in a draft that it does not mark. */
const MAX_OBJECTS = 40
/** Fields around an answer: `{ data: { lesson: ... } }`. */
const MAX_WRAPPERS = 2
/** Marks that are looked at one by one. */
const MAX_MARKS = 40

/**
 * Tells where the answer begins in a text that is still being written; undefined while that is not certain.
 *
 * Call it with the whole text so far after each chunk. Certain is a text that begins with an object, or such a text
 * behind the mark that closes a draft: in a draft, and in what a model says before its answer, an object may be a sketch.
 */
export function answerStartFinder(): (soFar: string) => number | undefined {
  let start = 0
  let searchedLength = 0
  let isCertain = false
  return (soFar) => {
    while (!isCertain) {
      isCertain = ANSWER_START.test(soFar.slice(start, start + MAX_START_LENGTH))
      if (isCertain) break
      // A mark may have come in two chunks.
      const from = Math.max(start, searchedLength - MAX_MARK_LENGTH)
      const mark = DRAFT_END.exec(soFar.slice(from))
      searchedLength = soFar.length
      if (mark === null) return undefined
      start = from + mark.index + mark[0].length
      searchedLength = start
    }
    return start
  }
}

/**
 * The JSON objects in a text, in their order, those inside another one behind it; vendors without strict schemas
 * wrap theirs in a fence, a sentence or a field. Nothing of a draft is among them.
 */
export function answerObjects(content: string): object[] {
  const text = withoutDrafts(content)
  const objects: object[] = []
  let at = text.indexOf('{')
  for (let count = 0; at >= 0 && count < MAX_OBJECTS; count += 1) {
    const object = objectAt(text, at)
    if (object !== undefined) objects.push(...withInner(object.value, MAX_WRAPPERS))
    at = text.indexOf('{', object?.end ?? at + 1)
  }
  return objects
}

/** An object, and those in its fields. */
function withInner(value: unknown, depth: number): object[] {
  if (typeof value !== 'object' || value === null) return []
  const inner = depth > 0 ? Object.values(value).flatMap((part) => withInner(part, depth - 1)) : []
  return Array.isArray(value) ? inner : [value, ...inner]
}

/** What stands behind the last mark that closes a draft. Inside the strings of an object a mark is what a learner said. */
function withoutDrafts(content: string): string {
  let start = 0
  for (let count = 0; count < MAX_MARKS; count += 1) {
    const textLeft = content.slice(start)
    const isObject = ANSWER_START.test(textLeft)
    const object = isObject ? objectAt(textLeft, textLeft.indexOf('{')) : undefined
    const from = start + (object?.end ?? 0)
    const mark = DRAFT_END.exec(content.slice(from))
    // A draft that was never closed has no answer behind it.
    if (mark === null) return DRAFT_START.test(textLeft) ? '' : textLeft
    start = from + mark.index + mark[0].length
  }
  return content.slice(start + (endOfLastMark(content.slice(start)) ?? 0))
}

function endOfLastMark(text: string): number | undefined {
  const last = [...text.matchAll(new RegExp(DRAFT_END, 'gi'))].at(-1)
  return last && last.index + last[0].length
}

/** The object that begins here, and where it ends. */
function objectAt(text: string, start: number): { value: unknown; end: number } | undefined {
  const end = endOfObject(text, start)
  const value = end === undefined ? undefined : parseJson(text.slice(start, end))
  return value === undefined || end === undefined ? undefined : { value, end }
}

/** Where the object ends that begins here; undefined where it does not. */
function endOfObject(text: string, start: number): number | undefined {
  let depth = 0
  let isInString = false
  for (let at = start; at < text.length; at += 1) {
    const letter = text[at]
    if (isInString) {
      if (letter === '\\') at += 1
      else if (letter === '"') isInString = false
    } else if (letter === '"') isInString = true
    else if (letter === '{') depth += 1
    else if (letter === '}') {
      depth -= 1
      if (depth === 0) return at + 1
    }
  }
  return undefined
}
