import { HOSTED_VENDORS } from './hosted.ts'
import { OWN_SERVERS } from './own-servers.ts'
import type { Vendor } from './vendor.ts'

/** Every vendor that is played: what they refuse and how they answer, as their own pages and issues say. */
export const VENDORS: readonly Vendor[] = [...HOSTED_VENDORS, ...OWN_SERVERS]
