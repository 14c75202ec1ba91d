/** A changed place of a text: [from, to) in characters other than white space, which do not depend on the tokens. */
export type Mark = { from: number; to: number; replacement: string }

/** How many marks of one text are ours, theirs (the annotator's), and common to both. */
export type Agreement = {
  ours: number
  theirs: number
  /** Marks with the same boundaries in both. */
  shared: number
  /** Of the shared ones, those with the same replacement too, white space aside. */
  sameReplacement: number
}

export const NO_AGREEMENT: Agreement = { ours: 0, theirs: 0, shared: 0, sameReplacement: 0 }

/** Compares our marks of a text with an annotator's. */
export function agreementOf(ourMarks: readonly Mark[], theirMarks: readonly Mark[]): Agreement {
  const replacements = new Map(
    ourMarks.map((mark) => [boundaries(mark), bareText(mark.replacement)]),
  )
  const sharedMarks = theirMarks.filter((mark) => replacements.has(boundaries(mark)))
  const replacedAlike = sharedMarks.filter(
    (mark) => replacements.get(boundaries(mark)) === bareText(mark.replacement),
  )
  return {
    ours: ourMarks.length,
    theirs: theirMarks.length,
    shared: sharedMarks.length,
    sameReplacement: replacedAlike.length,
  }
}

export function sumOf(a: Agreement, b: Agreement): Agreement {
  return {
    ours: a.ours + b.ours,
    theirs: a.theirs + b.theirs,
    shared: a.shared + b.shared,
    sameReplacement: a.sameReplacement + b.sameReplacement,
  }
}

/** The share of our marks that are theirs; 1 where we made none. */
export function precision({ shared, ours }: Agreement): number {
  return ours === 0 ? 1 : shared / ours
}

/** The share of their marks that are ours; 1 where they made none. */
export function recall({ shared, theirs }: Agreement): number {
  return theirs === 0 ? 1 : shared / theirs
}

/** The harmonic mean of precision and recall; 1 where neither side made a mark. */
export function f1({ shared, ours, theirs }: Agreement): number {
  return ours + theirs === 0 ? 1 : (2 * shared) / (ours + theirs)
}

/** The share of marks that agree in boundaries and replacement, as an F1. */
export function f1WithReplacement(agreement: Agreement): number {
  return f1({ ...agreement, shared: agreement.sameReplacement })
}

/** How many characters that are not white space lie before each token, and before the end. */
export function offsetsOf(tokens: readonly string[]): number[] {
  let offset = 0
  return [0, ...tokens.map((token) => (offset += bareText(token).length))]
}

function boundaries({ from, to }: Mark): string {
  return `${from}-${to}`
}

function bareText(text: string): string {
  return text.replace(/\s/g, '')
}
