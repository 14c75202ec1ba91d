import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

/**
 * Where Node keeps compiled sources for the processes of tests and rigs: a start then takes half the CPU time. An entry
 * is checked against its source, so that the folder may stay for the next run, and be removed at any time.
 */
export const COMPILE_CACHE = join(tmpdir(), `mluv-me-compiled-${userInfo().username}`)
