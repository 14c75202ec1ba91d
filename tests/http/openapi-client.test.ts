import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openapiDocument } from '../../lib/http/openapi.ts'

/** A program of a caller's, over the types that openapi-typescript makes of the document. It has no cast. */
const CALLER = `
import type { components, paths } from './api.ts'

type Lesson = paths['/api/v1/lessons/process']['post']
type Responses = Lesson['responses']
type BodyOf<Status extends keyof Responses> = Responses[Status] extends { content: infer Content }
  ? Content[keyof Content]
  : never

declare function send(body: Lesson['requestBody']['content']['application/json']): Promise<BodyOf<200>>
declare function sendForm(body: Lesson['requestBody']['content']['multipart/form-data']): Promise<BodyOf<200>>
declare const recording: string
declare const failure: BodyOf<429> | BodyOf<422> | BodyOf<400>

export async function teach(): Promise<string[]> {
  const answer = await send({ user_id: 'adam', text: 'Jdu domů.', native_language: 'uk', level: 'beginner' })
  await sendForm({ user_id: 'adam', audio: recording, include_audio: false })
  const score: number = answer.corrections.correctness_score
  const words: string[] = answer.new_words.map(({ czech, translation }) => czech + translation)
  return [answer.transcript, score.toFixed(), answer.duration_seconds.toFixed(1), ...words]
}

export function advice(): string {
  switch (failure.code) {
    case 'quota_used_up':
      return 'tomorrow'
    case 'invalid_request':
      return (failure.errors ?? []).map(({ field, message }) => field + message).join()
    default:
      return failure.detail
  }
}

export const reply = (data: components['schemas']['LessonEvents']['reply']): string => data.delta

// @ts-expect-error: a misspelt field
void send({ user_id: 'adam', text: 'Jdu domů.', levle: 'beginner' })
// @ts-expect-error: a level that there is not
void send({ user_id: 'adam', text: 'Jdu domů.', level: 'expert' })
// @ts-expect-error: a language that explanations are not given in
void send({ user_id: 'adam', text: 'Jdu domů.', native_language: 'klingon' })
// @ts-expect-error: neither a text nor a recording
void sendForm({ user_id: 'adam' })
// @ts-expect-error: a code that there is not
export const isKnown = failure.code === 'no_such_code'
`

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mluv-me-client-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs a package's command in the folder; what it prints. */
async function run(command: string, args: readonly string[]): Promise<string> {
  const path = new URL(`../../node_modules/.bin/${command}`, import.meta.url).pathname
  const { stdout } = await promisify(execFile)(path, args, { cwd: folder })
    // The compiler ends with an error where it finds one, and prints it.
    .catch((error: { stdout: string }) => error)
  return stdout
}

test('a client generated from the OpenAPI document compiles without a cast, and refuses what the API refuses', async () => {
  writeFileSync(join(folder, 'openapi.json'), JSON.stringify(openapiDocument('1')))
  writeFileSync(join(folder, 'caller.ts'), CALLER)
  await run('openapi-typescript', ['openapi.json', '--output', 'api.ts'])
  const strictly = ['--strict', '--noUncheckedIndexedAccess', '--exactOptionalPropertyTypes']
  const options = ['--noEmit', '--allowImportingTsExtensions', '--types', '', '--lib', 'es2024']
  expect(await run('tsc', [...options, ...strictly, 'caller.ts'])).toBe('')
})
