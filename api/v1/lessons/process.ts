import { getDeps } from '../../../lib/deps.ts'
import { answering } from '../../../lib/http/answering.ts'
import { processLesson } from '../../../lib/http/lesson/process.ts'

/** `POST /api/v1/lessons/process`: the lesson API. */
export default { fetch: answering(getDeps, { POST: processLesson }) }
