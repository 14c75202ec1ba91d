import type { Vendor } from './vendor.ts'
import { VENDORS } from './vendors.ts'

const HEADING =
  '| vendor | base URL | hears | answers | speaks | what it refuses, and what to know | sources |'
const RULE = '|---|---|---|---|---|---|---|'

/** The table of vendors as the operating page has it. */
export function vendorsTable(): string {
  return [HEADING, RULE, ...VENDORS.map(rowOf)].join('\n')
}

function rowOf(vendor: Vendor): string {
  const { name, baseUrl, transcribe, reply, speak, sources } = vendor
  const models = [transcribe, reply, speak].map((manner) =>
    manner === undefined ? 'no' : `\`${manner.model}\``,
  )
  const links = sources.map((source, at) => `[${at + 1}](${source})`).join(' ')
  return `| ${[name, `\`${baseUrl}\``, ...models, notesOf(vendor), links].join(' | ')} |`
}

function notesOf({ transcribe, reply, speak, advice }: Vendor): string {
  const refusals = [transcribe, reply, speak].flatMap((manner) => manner?.learns ?? [])
  const names = refusals.map((refusal) => `\`${refusal}\``).join(', ')
  return [names === '' ? '' : `Refuses ${names}.`, advice ?? ''].filter(Boolean).join(' ')
}
