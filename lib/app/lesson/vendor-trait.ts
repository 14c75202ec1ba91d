import type { Stage } from '../usage.ts'

/** The server of a stage, by the host of its base URL, and the model that it is asked for. */
export type Vendor = { stage: Stage; host: string; model: string }

/** Something of a request that a vendor has refused: `stream_options`, `response_format=json_schema`. */
export type VendorTrait = Vendor & { refused: string; learnedAt: Date }

/** What vendors have refused within a day, for processes that have not found it out themselves. */
export type VendorTraitStore = {
  load(): Promise<VendorTrait[]>
  keep(vendor: Vendor, refusedTraits: readonly string[]): Promise<void>
}
