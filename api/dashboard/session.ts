import { getDeps } from '../../lib/deps.ts'
import { answering } from '../../lib/http/answering.ts'
import { signIn, signOut } from '../../lib/http/dashboard/sign-in.ts'

/** `/api/dashboard/session`: signing in to the operator's page, and out. */
export default { fetch: answering(getDeps, { POST: signIn, DELETE: signOut }) }
