import { HOSTED_VENDORS } from './hosted.ts'
import { HOSTED_PARTS } from './hosted-parts.ts'
import { OWN_SERVERS } from './own-servers.ts'
import type { Vendor } from './vendor.ts'

/** Every vendor that is played: what they refuse and how they answer, as their own pages and issues say. */
export const VENDORS: readonly Vendor[] = [...HOSTED_VENDORS, ...HOSTED_PARTS, ...OWN_SERVERS]
