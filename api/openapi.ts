import { VERSION } from '../lib/config.ts'
import { openapiDocument } from '../lib/http/openapi.ts'

/** `GET /api/openapi.json`. */
export default { fetch: () => Response.json(openapiDocument(VERSION)) }
