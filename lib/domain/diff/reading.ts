/** One way of saying a sign: for each place a number, or a pattern of a word. */
export type Reading = readonly (number | RegExp)[]
