export type FaultName =
  | 'deliver-twice'
  | 'telegram-busy'
  | 'telegram-slow'
  | 'provider-busy'
  | 'quota-exhausted'
  | 'database-away'
  | 'kill'

/** A fault as the page offers it. A lasting one is on until it is pressed again. */
export type FaultView = { name: FaultName; label: string; hint: string; isOn: boolean }
