import { getDeps } from '../../lib/deps.ts'
import { answering } from '../../lib/http/answering.ts'
import { deleteLearner, exportLearner } from '../../lib/http/learners/learners.ts'

/** `/api/v1/learners/{user_id}`: what is kept of a learner of the lesson API, and its deletion. */
export default { fetch: answering(getDeps, { GET: exportLearner, DELETE: deleteLearner }) }
