import type OpenAI from 'openai'
import type { TutorRequest } from '../../app/lesson/tutor.ts'
import { type Lowerable, named } from './lowering.ts'
import { type AnswerFormat, answerFormat } from './tutor-answer.ts'

/**
 * Room for 2,000 characters corrected, eight mistakes explained in two languages, and the reply.
 * gpt-6-luna writes 130 tokens a second: more would not fit the deadline.
 */
const MAX_OUTPUT_TOKENS = 3_000

export type CompletionBody = OpenAI.Chat.Completions.ChatCompletionCreateParams
type Message = OpenAI.Chat.Completions.ChatCompletionMessageParam

/** The traits of a vendor that change a request for a completion. */
const WITHOUT = {
  schema: 'response_format=json_schema',
  json: 'response_format=json_object',
  stream: 'stream',
  systemRole: 'system_role',
  breakpoint: 'prompt_cache_breakpoint',
  maxTokens: 'max_tokens',
  maxCompletionTokens: 'max_completion_tokens',
} as const

/** What a model is asked, before it takes the form that its vendor accepts. */
export type Prompt = {
  /** The instructions: first what other requests begin with, too. */
  system: TutorRequest['system']
  /** The last one is a user's: templates of some models refuse a conversation that ends with another one. */
  turns: Message[]
  format: AnswerFormat
  /** Same for requests that share the start of their prompt. */
  cacheKey: string
}

/**
 * A request for one lesson's completion, without the `refusedTraits` of its vendor. Where there is a `givenReply`, only the
 * corrections to it are asked for, by a turn of the user.
 */
export function completionBody(
  model: string,
  request: TutorRequest,
  givenReply: string | undefined,
  refusedTraits: ReadonlySet<string>,
): CompletionBody {
  const { sharedPart, ownPart } = request.system
  const prompt = {
    system: {
      sharedPart,
      ownPart: givenReply === undefined ? ownPart : `${ownPart}\n\n${REPAIR_TURN}`,
    },
    turns: turnsOf(model, request, givenReply),
    format: answerFormat({
      hasReply: givenReply !== undefined,
      isFirstSteps: request.isFirstSteps,
      hasHint: request.hasHint,
    }),
    cacheKey: request.cacheKey,
  }
  return promptBody(model, prompt, refusedTraits)
}

/** A request for one completion, without the `refusedTraits` of its vendor. A schema that cannot be a field goes into the prompt. */
export function promptBody(
  model: string,
  { system, turns, format, cacheKey }: Prompt,
  refusedTraits: ReadonlySet<string>,
): CompletionBody {
  const isSchemaRefused = refusedTraits.has(WITHOUT.schema)
  const instructions = {
    sharedPart: system.sharedPart,
    ownPart: [
      ...(system.ownPart === '' ? [] : [system.ownPart]),
      ...(isSchemaRefused ? [schemaPrompt(format.json_schema.schema)] : []),
    ].join('\n\n'),
  }
  const hasBreakpoint = takesBreakpoints(model) && !refusedTraits.has(WITHOUT.breakpoint)
  const isStreamed = !refusedTraits.has(WITHOUT.stream)
  return {
    model,
    messages: refusedTraits.has(WITHOUT.systemRole)
      ? withoutSystemRole(wholeOf(instructions), turns)
      : [systemMessage(instructions, hasBreakpoint), ...turns],
    ...(isStreamed ? { stream: true } : { stream: false }),
    ...(isStreamed && !refusedTraits.has('stream_options')
      ? { stream_options: { include_usage: true } }
      : {}),
    ...responseFormat(format, refusedTraits),
    ...maxTokens(model, refusedTraits),
    ...ownFields(model, cacheKey, refusedTraits),
    // Without the breakpoint that OpenAI sets by itself at the newest turn, which no other request matches.
    ...(hasBreakpoint && !refusedTraits.has('prompt_cache_options')
      ? { prompt_cache_options: { mode: 'explicit' } }
      : {}),
  }
}

/** The rules say that no learner's turn is an instruction; this one is no learner's. */
const REPAIR_TURN =
  "# The last turn\nThe last turn is not a learner's: it comes from the program and asks for the rest of the JSON object."

function turnsOf(
  model: string,
  { history, said, correctionsOnly }: TutorRequest,
  givenReply: string | undefined,
): Message[] {
  // Earlier turns in prose draw models into prose whose schema does not bind each token, as OpenAI's does.
  const answerOf = (reply: string) => (isOpenaiModel(model) ? reply : JSON.stringify({ reply }))
  return [
    ...history.flatMap((turn) => [
      { role: 'user' as const, content: turn.said },
      { role: 'assistant' as const, content: answerOf(turn.reply) },
    ]),
    { role: 'user', content: said },
    ...(givenReply === undefined
      ? []
      : [
          { role: 'assistant' as const, content: answerOf(givenReply) },
          { role: 'user' as const, content: correctionsOnly },
        ]),
  ]
}

function wholeOf({ sharedPart, ownPart }: TutorRequest['system']): string {
  return ownPart === '' ? sharedPart : `${sharedPart}\n\n${ownPart}`
}

/**
 * The instructions, with a breakpoint behind what other learners' requests begin with, too: models since 5.6 find in their
 * cache only what ends at one.
 */
function systemMessage(system: TutorRequest['system'], hasBreakpoint: boolean): Message {
  if (!hasBreakpoint) return { role: 'system', content: wholeOf(system) }
  return {
    role: 'system',
    content: [
      { type: 'text', text: system.sharedPart, prompt_cache_breakpoint: { mode: 'explicit' } },
      ...(system.ownPart === '' ? [] : [{ type: 'text' as const, text: `\n\n${system.ownPart}` }]),
    ],
  }
}

/** Puts the instructions before the first turn, for templates that know only `user` and `assistant`. */
function withoutSystemRole(system: string, [first, ...laterTurns]: Message[]): Message[] {
  return [
    { role: 'user', content: `${system}\n\n# The conversation\n\n${first?.content}` },
    ...laterTurns,
  ]
}

function responseFormat(
  format: AnswerFormat,
  refusedTraits: ReadonlySet<string>,
): Pick<CompletionBody, 'response_format'> {
  if (!refusedTraits.has(WITHOUT.schema)) return { response_format: format }
  return refusedTraits.has(WITHOUT.json) ? {} : { response_format: { type: 'json_object' } }
}

/** The schema as a part of the prompt. With it, the word JSON is in the prompt, which servers demand before they write any by `json_object`. */
function schemaPrompt(schema: object): string {
  return `# The answer's form\nAnswer with this one JSON object and nothing before or after it. Its JSON Schema:\n${JSON.stringify(schema)}`
}

/** Whether a model is OpenAI's by its name, alone or behind a gateway's prefix. */
function isOpenaiModel(model: string): boolean {
  return /^(openai\/)?(gpt-\d|chatgpt-|o\d)/.test(model)
}

/** Those of OpenAI's models that know explicit breakpoints; the ones before cache the start of any prompt. */
function takesBreakpoints(model: string): boolean {
  return isOpenaiModel(model) && /gpt-(5\.[6-9]|[6-9])/.test(model)
}

/** The cap on the answer's length under one of its two names: the other one is tried where the first is refused. */
function maxTokens(model: string, refusedTraits: ReadonlySet<string>): Partial<CompletionBody> {
  const names = [WITHOUT.maxTokens, WITHOUT.maxCompletionTokens]
  const [name] = (isOpenaiModel(model) ? names.toReversed() : names).filter(
    (name) => !refusedTraits.has(name),
  )
  return name === undefined ? {} : { [name]: MAX_OUTPUT_TOKENS }
}

/** What only OpenAI's own models are asked: other vendors refuse fields that they do not know. */
function ownFields(
  model: string,
  cacheKey: string,
  refusedTraits: ReadonlySet<string>,
): Partial<CompletionBody> {
  if (!isOpenaiModel(model)) return {}
  const fields: Partial<CompletionBody> = {
    prompt_cache_key: cacheKey,
    store: false,
    // Thinking would delay the first word; models before 5.1 know no effort `none`.
    ...(/gpt-(5\.\d|[6-9])/.test(model) ? { reasoning_effort: 'none' } : {}),
  }
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !refusedTraits.has(name)))
}

/**
 * What a request for a completion can do without, first what is missed least: usage and caching, then the field by which the
 * schema comes, the cap on its length, the stream, the role of the instructions. `temperature` is not among them: it is never sent.
 */
const PARTS: readonly (Lowerable & { isIn(body: CompletionBody): boolean })[] = [
  {
    trait: WITHOUT.breakpoint,
    // Or a server wants the content as one text.
    names: /prompt_cache_breakpoint|\bcontent\b.{0,60}\bstring\b|valid string/i,
    isIn: ({ messages }: CompletionBody) => messages.some(({ content }) => Array.isArray(content)),
  },
  ...[
    'stream_options',
    'prompt_cache_options',
    'prompt_cache_key',
    'store',
    'reasoning_effort',
  ].map((name) => ({
    trait: name,
    names: named(name, ...(name === 'stream_options' ? ['include_usage'] : [])),
    isIn: (body: CompletionBody) => name in body,
    // It asks that nothing be kept of what was said: given up only where it is refused by name.
    ...(name === 'store' ? { isKept: true as const } : {}),
  })),
  ...(['json_schema', 'json_object'] as const).map((type) => ({
    trait: `response_format=${type}`,
    names:
      /response.?format|json.?(schema|object|mode|output)|structured.?output|guided|grammar|\bschema\b|additionalProperties|\bstrict\b/i,
    isIn: (body: CompletionBody) => body.response_format?.type === type,
  })),
  ...[WITHOUT.maxCompletionTokens, WITHOUT.maxTokens].map((name) => ({
    trait: name,
    names: named(name),
    isIn: (body: CompletionBody) => name in body,
  })),
  {
    trait: WITHOUT.stream,
    names: /\bstream(ing|ed)?\b(?!_)/i,
    // Groq refuses it together with a format, and names both: the schema is worth more.
    surelyNames:
      /(not|n't|cannot|unsupported)\b[^.;]{0,40}\bstream(ing|ed)?\b|\bstream(ing|ed)?\b[^.;]{0,60}(\bnot\b|n't|unsupported)/i,
    isIn: ({ stream }) => stream === true,
  },
  {
    trait: WITHOUT.systemRole,
    names:
      /system (role|message|prompt|instruction)|role.{0,30}\bsystem\b|developer (role|message|instruction)|alternate|only user and assistant|(unexpected|invalid|unknown|unsupported) role/i,
    isIn: ({ messages }) => messages.some(({ role }) => role === 'system'),
  },
]

/** The parts of this request that a vendor may refuse. */
export function lowerablesOf(body: CompletionBody): readonly Lowerable[] {
  return PARTS.filter((part) => part.isIn(body))
}
