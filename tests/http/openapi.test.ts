import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import openapi from '../../api/openapi.ts'
import { NATIVE_LANGUAGES } from '../../lib/domain/learner/languages.ts'
import { LEVELS } from '../../lib/domain/learner/learner.ts'
import { LessonAnswer } from '../../lib/http/lesson/answer.ts'
import { LessonFields } from '../../lib/http/lesson/fields.ts'
import { openapiDocument } from '../../lib/http/openapi.ts'
import { PROBLEMS, type ProblemCode } from '../../lib/http/problem.ts'
import { functionRoutes } from '../../scripts/cli/routes.ts'

type Content = Record<
  string,
  { schema: object; example?: unknown; examples?: Record<string, { value: unknown }> }
>
type Operation = {
  operationId: string
  security: Record<string, string[]>[]
  parameters?: { name: string; in: string; schema: object }[]
  requestBody?: { content: Content }
  responses: Record<string, { description: string; content?: Content }>
}
type Document = {
  openapi: string
  info: { title: string; version: string }
  paths: Record<string, Record<string, Operation>>
  components: {
    schemas: Record<string, { required?: string[]; properties: Record<string, object> }>
    securitySchemes: Record<string, object>
  }
}

const text = JSON.stringify(openapiDocument('1.2.3'))
const document = JSON.parse(text) as Document
const operations = Object.values(document.paths).flatMap((path) => Object.values(path))
const lesson = document.paths['/api/v1/lessons/process']?.post

describe('the OpenAPI document', () => {
  test('the OpenAPI document has version 3.1 and the product’s version', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/)
    expect(document.info).toMatchObject({ version: '1.2.3', title: expect.stringMatching(/\S/) })
  })

  test('the OpenAPI document survives JSON unchanged', () => {
    expect(openapiDocument('1.2.3')).toEqual(document)
  })

  test('every reference of the OpenAPI document has its target', () => {
    const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref ?? '')
    expect(references.length).toBeGreaterThan(4)
    for (const reference of references) {
      expect(reference).toMatch(/^#\//)
      const steps = reference.slice(2).split('/')
      const target = steps.reduce<unknown>((at, step) => Reflect.get(Object(at), step), document)
      expect(target, reference).toBeTypeOf('object')
    }
  })

  test('every documented operation has its own name, known security and described answers', () => {
    expect(Object.keys(document.paths).every((path) => path.startsWith('/'))).toBe(true)
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length)
    for (const { security, responses, parameters = [] } of operations) {
      for (const name of security.flatMap((choice) => Object.keys(choice))) {
        expect(document.components.securitySchemes).toHaveProperty(name)
      }
      for (const [status, { description }] of Object.entries(responses)) {
        expect(status).toMatch(/^[1-5]\d\d$/)
        expect(description).toMatch(/\S/)
      }
      for (const parameter of parameters) {
        expect(parameter).toMatchObject({ name: expect.stringMatching(/\S/), schema: {} })
        expect(['query', 'header', 'path', 'cookie']).toContain(parameter.in)
      }
    }
  })

  test.each(Object.keys(PROBLEMS) as ProblemCode[])(
    'the OpenAPI document has %s under its status',
    (code) => {
      const response = lesson?.responses[PROBLEMS[code].status]
      expect(response?.description).toContain(`\`${code}\``)
      expect(response?.content).toHaveProperty(['application/problem+json'])
      expect(document.components.schemas.Problem?.properties.code).toMatchObject({
        enum: expect.arrayContaining([code]),
      })
    },
  )

  test('the documented request has the fields that the code takes, and no other', () => {
    expect(Object.keys(lesson?.requestBody?.content ?? {}).sort()).toEqual([
      'application/json',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
    ])
    const { LessonText, LessonRecording } = document.components.schemas
    const fields = Object.keys(LessonFields.shape)
    expect(LessonText?.required?.toSorted()).toEqual(['text', 'user_id'])
    expect(LessonRecording?.required?.toSorted()).toEqual(['audio', 'user_id'])
    expect(Object.keys(LessonText?.properties ?? {}).sort()).toEqual(fields.toSorted())
    const recordingFields = fields.map((name) => (name === 'text' ? 'audio' : name))
    expect(Object.keys(LessonRecording?.properties ?? {}).sort()).toEqual(recordingFields.sort())
    expect([LessonText, LessonRecording]).toMatchObject([
      { additionalProperties: false },
      { additionalProperties: false },
    ])
  })

  test('the documented fields have their lengths, languages, levels and defaults', () => {
    expect(document.components.schemas.LessonText?.properties).toMatchObject({
      user_id: { minLength: 1, maxLength: 200 },
      text: { minLength: 2, maxLength: 2_000 },
      include_audio: { type: 'boolean', default: true },
      native_language: { enum: NATIVE_LANGUAGES.map(({ code }) => code) },
      level: { enum: [...LEVELS] },
    })
  })

  test('a documented lesson has one type of answer', () => {
    expect(Object.keys(lesson?.responses[200]?.content ?? {})).toEqual(['application/json'])
  })

  test('every example of the OpenAPI document is valid by the schema beside it', () => {
    const contents = [lesson?.requestBody, ...Object.values(lesson?.responses ?? {})].flatMap(
      (holder) => Object.values(holder?.content ?? {}),
    )
    const examples = contents.flatMap(({ schema, example, examples = {} }) =>
      [example, ...Object.values(examples).map(({ value }) => value)]
        .filter((value) => value !== undefined)
        .map((value) => ({ schema, value })),
    )
    expect(examples.length).toBeGreaterThanOrEqual(Object.keys(PROBLEMS).length + 4)
    for (const { schema, value } of examples) {
      const { components } = document
      const resolvedSchema = {
        ...schema,
        $defs: components.schemas,
      } as z.core.JSONSchema.JSONSchema
      const text = JSON.stringify(resolvedSchema).replaceAll('#/components/schemas/', '#/$defs/')
      expect(z.fromJSONSchema(JSON.parse(text)).safeParse(value).error).toBeUndefined()
    }
    expect(
      LessonFields.safeParse(lesson?.requestBody?.content['application/json']?.example),
    ).toMatchObject({
      success: true,
    })
  })

  test.each(Object.keys(PROBLEMS) as ProblemCode[])(
    'the page of the lesson API has %s beside its status',
    (code) => {
      const page = readFileSync(new URL('../../.github/lesson-api.md', import.meta.url), 'utf8')
      const row = page
        .split('\n')
        .find((line) => line.startsWith('|') && line.includes(`\`${code}\``))
      expect(row).toContain(String(PROBLEMS[code].status))
    },
  )

  test('the documented answer requires every field', () => {
    const { LessonAnswer: answer } = document.components.schemas
    expect(answer?.required?.toSorted()).toEqual(Object.keys(LessonAnswer.shape).sort())
  })
})

describe('the function of the OpenAPI document', () => {
  test('the function answers with the OpenAPI document without any configuration', async () => {
    const response = openapi.fetch()
    expect(response.headers.get('content-type')).toMatch(/^application\/json/)
    expect(await response.json()).toMatchObject({ openapi: '3.1.0' })
  })

  test('/api/openapi.json has the OpenAPI document, and the sources are 404', async () => {
    const routes = await functionRoutes()
    const at = async (path: string) =>
      (await routes(new Request(`https://bot.example${path}`))).status
    expect(await at('/api/openapi.json')).toBe(200)
    for (const path of ['/', '/lib/config.ts', '/api/openapi.ts', '/vercel.json', '/.env']) {
      expect(await at(path)).toBe(404)
    }
  })
})
