import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { createApiKey } from '../../../lib/adapters/postgres/api-keys.ts'
import { webmOf } from '../audio-samples.ts'
import { buildFunctions } from './built-functions.ts'
import { firstUtterance, newLearner, openLessonWorld, takeLesson } from './lesson-world.ts'
import { type ServerProcess, startServer } from './server-process.ts'

/**
 * `node tests/rigs/bench/built-lessons.ts FOLDER`: takes lessons on the functions that .ci/vercel-build has put there, with
 * the stand-ins, so that a package that does not stand being bundled is found before it is deployed.
 *
 * Needs a PostgreSQL at TEST_POSTGRES_URL. Exit code 0 if all lessons took place.
 */

const RUNNER = resolve(import.meta.dirname, 'cold-runner.mjs')

const { handlers } = await buildFunctions(process.argv[2] ?? '')
const world = await openLessonWorld(undefined, { VERCEL: '1' })
try {
  await giveVoiceLesson('a voice note, answered over a socket', {})
  await giveVoiceLesson('a voice note, answered over REST', { TTS_MODEL: 'gpt-4o-mini-tts' })
  await giveRecordedLesson()
} finally {
  await world.close()
}

/** A voice note to Telegram's function: Opus in, Opus out. */
async function giveVoiceLesson(label: string, env: NodeJS.Dict<string>): Promise<void> {
  await withFunction('api/telegram', env, async (server) => {
    world.deliverTo(server)
    await takeLesson(world, await newLearner(world, 1), 'voice', firstUtterance())
  })
  console.log(`built functions: ${label}`)
}

/** A file to the lesson API in a container that a worker thread reads. */
async function giveRecordedLesson(): Promise<void> {
  const apiKey = await createApiKey(world.db, { name: 'built', telegramLearners: false })
  const body = new FormData()
  body.set('user_id', 'a learner')
  body.set('audio', new Blob([Buffer.from(await webmOf(firstUtterance().bytes))]))
  await withFunction('api/v1/lessons/process', {}, async ({ url }) => {
    const headers = { authorization: `Bearer ${apiKey}` }
    const answer = await fetch(`${url}/api/v1/lessons/process`, { method: 'POST', headers, body })
    const text = await answer.text()
    assert.equal(answer.status, 200, text)
    assert.notEqual(JSON.parse(text).honzik_response_audio, '')
  })
  console.log('built functions: a webm file')
}

/** Runs one function in a process of its own, which must print nothing but its log. */
async function withFunction(
  name: string,
  env: NodeJS.Dict<string>,
  work: (server: ServerProcess) => Promise<void>,
): Promise<void> {
  const handler = handlers.get(name)
  assert(handler !== undefined, `There is no ${name}`)
  const server = await startServer([RUNNER, handler], { ...world.env, ...env })
  try {
    await work(server)
  } catch (error) {
    for (const line of server.lines.slice(-20)) console.error(line)
    throw error
  } finally {
    await server.end()
  }
  const strangeLines = server.lines.filter((line) => !/^(\{|listening on )/.test(line))
  assert.deepEqual(strangeLines, [], name)
}
