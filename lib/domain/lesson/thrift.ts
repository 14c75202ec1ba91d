/**
 * How a lesson saves money: `brief` has short replies, and nothing is paid for beside what the learner sees; `written` has
 * no speech, either.
 */
export type Thrift = 'none' | 'brief' | 'written'

/** From these shares of a budget on, spent or held back, the day is thrifty. */
export const BRIEF_SHARE = 0.8
export const WRITTEN_SHARE = 0.95

/** How to save where this share of a budget is gone: the greater one of all learners' and the learner's own. */
export function thriftAt(budgetShare: number): Thrift {
  if (budgetShare >= WRITTEN_SHARE) return 'written'
  return budgetShare >= BRIEF_SHARE ? 'brief' : 'none'
}

/** Tells whether what no learner would miss today is to be left out: extracting memories, for one. */
export function isThrifty(thrift: Thrift): boolean {
  return thrift !== 'none'
}
