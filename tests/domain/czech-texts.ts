import fc from 'fast-check'

/** Any string at all, lone surrogates and odd white space included. */
export const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('a', 'á', 'A', ' ', '  ', '\n', '.', ',', '\ud83d', '\u0301', '🙂'),
  }),
)

/** A word as learners say them, often a form or a misspelling of another one here. */
export const czechWord = fc.constantFrom(
  ...`já jsem jsi jsme je byl byla budu bych se si mě mně mi ten to ta v ve na do s a ale že když
  škola školu školy škole skola dělám dělat udělat kamarád kamarádem kamarádi dobrý dobře velmi
  vlak vlakem nemohla mohla mít mám rád ráda rádi Praha Praze praha přesto přes`.split(/\s+/),
)

const separator = fc.constantFrom(' ', ' ', ' ', ' ', ', ', '. ', ' - ', '  ')

/** A sentence-like string of such words. */
export const czechText = fc
  .array(fc.tuple(czechWord, separator), { maxLength: 14 })
  .map((pairs) => pairs.flat().join(''))
