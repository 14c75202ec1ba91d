import type { Feature } from '../feature.ts'
import { askBeforeDeleting, deletePress } from './deletion.ts'
import { sendExport } from './export.ts'
import { tellPrivacy } from './notice.ts'
import type { PrivacyDeps } from './privacy-deps.ts'

/** What is kept of people: told, sent and deleted on request. */
export const privacy: Feature<PrivacyDeps> = {
  group: 'account',
  commands: [
    { name: 'privacy', description: 'command.privacy', run: tellPrivacy },
    { name: 'export_me', description: 'command.exportMe', run: sendExport },
    { name: 'delete_me', description: 'command.deleteMe', run: askBeforeDeleting },
  ],
  presses: [deletePress],
}
