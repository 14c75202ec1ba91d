import { ConfigError } from '../../lib/config/environment.ts'
import { type Check, fail, ok } from './check.ts'

/** Where variables are set, in the words of a fix. */
export const SET_VARIABLES =
  'set them in .env or the environment; on Vercel in Project > Settings > Environment Variables, then deploy again'

/** As `engines` of package.json has it. */
export const NODE_MAJOR = 24

export const node: Check = {
  async look({ nodeVersion }) {
    return Number.parseInt(nodeVersion, 10) >= NODE_MAJOR
      ? ok(nodeVersion)
      : fail(`${nodeVersion}, and ${NODE_MAJOR} is needed`, 'npm ci, without --ignore-scripts')
  },
}

export const config: Check = {
  async look({ config }) {
    if (config instanceof ConfigError) return fail(config.problems.join('; '), SET_VARIABLES)
    const { environment, version } = config
    return ok(`${environment}, version ${version}`)
  },
}
