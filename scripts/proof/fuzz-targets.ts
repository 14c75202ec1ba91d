import { AUDIO_TARGETS } from './fuzz/audio-targets.ts'
import { BOT_TARGETS } from './fuzz/bot-targets.ts'
import { CONFIG_TARGETS } from './fuzz/config-targets.ts'
import { DOMAIN_TARGETS } from './fuzz/domain-targets.ts'
import { LESSON_API_TARGETS } from './fuzz/lesson-api-targets.ts'
import { LOG_TARGETS } from './fuzz/log-targets.ts'
import { PROVIDER_TARGETS } from './fuzz/provider-targets.ts'
import { STORAGE_TARGETS } from './fuzz/storage-targets.ts'
import type { FuzzTarget } from './fuzz/target.ts'
import { TUTOR_TARGETS } from './fuzz/tutor-targets.ts'
import { WEBHOOK_TARGETS } from './fuzz/webhook-targets.ts'

/** Every place where input from outside comes in. A new edge gets a row in one of these, or a file of its own. */
export const FUZZ_TARGETS: readonly FuzzTarget[] = [
  ...DOMAIN_TARGETS,
  ...BOT_TARGETS,
  ...TUTOR_TARGETS,
  ...CONFIG_TARGETS,
  ...LOG_TARGETS,
  ...AUDIO_TARGETS,
  ...STORAGE_TARGETS,
  ...PROVIDER_TARGETS,
  ...WEBHOOK_TARGETS,
  ...LESSON_API_TARGETS,
]
