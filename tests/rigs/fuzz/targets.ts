import { AUDIO_TARGETS } from './audio-targets.ts'
import { BOT_TARGETS } from './bot-targets.ts'
import { CONFIG_TARGETS } from './config-targets.ts'
import { DASHBOARD_TARGETS } from './dashboard-targets.ts'
import { DOMAIN_TARGETS } from './domain-targets.ts'
import { JOB_TARGETS } from './job-targets.ts'
import { LESSON_API_TARGETS } from './lesson-api-targets.ts'
import { LOG_TARGETS } from './log-targets.ts'
import { MEMORY_TARGETS } from './memory-targets.ts'
import { METRICS_TARGETS } from './metrics-targets.ts'
import { PROVIDER_TARGETS } from './provider-targets.ts'
import { STORAGE_TARGETS } from './storage-targets.ts'
import type { FuzzTarget } from './target.ts'
import { TUTOR_TARGETS } from './tutor-targets.ts'
import { VENDOR_TARGETS } from './vendor-targets.ts'
import { WEBHOOK_TARGETS } from './webhook-targets.ts'

/** Every place where input from outside comes in. A new edge gets a row in one of these, or a file of its own. */
export const FUZZ_TARGETS: readonly FuzzTarget[] = [
  ...DOMAIN_TARGETS,
  ...BOT_TARGETS,
  ...TUTOR_TARGETS,
  ...CONFIG_TARGETS,
  ...LOG_TARGETS,
  ...METRICS_TARGETS,
  ...MEMORY_TARGETS,
  ...AUDIO_TARGETS,
  ...STORAGE_TARGETS,
  ...PROVIDER_TARGETS,
  ...VENDOR_TARGETS,
  ...WEBHOOK_TARGETS,
  ...DASHBOARD_TARGETS,
  ...JOB_TARGETS,
  ...LESSON_API_TARGETS,
]
