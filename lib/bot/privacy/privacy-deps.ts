import type { PersonalData } from '../../app/privacy/personal-data.ts'
import type { ChatDeps } from '../context.ts'

export type PrivacyDeps = ChatDeps & { personalData(): Promise<PersonalData> }
