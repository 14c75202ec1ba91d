import type { Proposal } from '../../domain/memory/facts.ts'
import type { PaidWork } from '../usage.ts'
import type { Notebook } from './memory.ts'

/** Finds what a friend would remember. Throws AppError 'provider-*'; 'provider-unusable' where no answer could be used. */
export type FactFinder = {
  /** What the learner has told in the exchanges of a notebook, by the numbers of its facts and exchanges, from 1. */
  find(notebook: Notebook, work: PaidWork): Promise<Proposal>
}
