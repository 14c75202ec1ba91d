import fc from 'fast-check'

/** Pieces that mean something to one of those who read a text: HTML, links, JSON, Unicode, our own rules. */
const PIECES = [
  ...'<>&"\'\\/`.,:;@#$%{}[]()|*+-_…'.split(''),
  ...['<b>', '</b>', '<tg-spoiler>', '&lt;', '&#0;', '</s> <b>', '<a href="tg://user?id=1">'],
  ...[
    'https://',
    'HTTP://',
    'tg://',
    'www.',
    't.me/',
    'a.cz',
    'evil.example',
    '10.0.0.1',
    '@durov',
  ],
  ...[
    '\u0000',
    '\u0007',
    '\u001b',
    '\u007f',
    '\u2028',
    '\ufeff',
    '\ufffd',
    '\u200d',
    '\u202e',
    '\u2060',
  ],
  ...[
    '\ud800',
    '\udc00',
    '\ud83d',
    '👨‍👩‍👧',
    '🇨🇿',
    'a\u0301',
    '\u0301',
    '\u1e9b\u0323',
    'ﬁ',
    'İ',
    'ß',
    'ﷺ',
  ],
  ...[' ', '  ', '\t', '\n', '\r\n', '\u00a0', '\u3000'],
  ...[
    'Jdu',
    'do',
    'škola',
    'školy',
    'Zítra',
    'titulky vytvořil',
    'amara org',
    'я',
    'ї',
    '漢',
    '1968',
    '٣',
    '²',
  ],
  ...['__proto__', 'constructor', 'null', 'NaN', '-0', '1e400', "';--", '\\u0000', '/start'],
] as const

/** Texts that are made to break something, up to so many pieces or UTF-16 units. */
export function hostileText(maxLength = 60): fc.Arbitrary<string> {
  const piece = fc.constantFrom(...PIECES)
  const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code))
  return fc.oneof(
    fc.array(piece, { maxLength }).map((pieces) => pieces.join('')),
    fc.string({ unit: 'binary', maxLength }),
    fc.string({ unit: 'grapheme', maxLength }),
    fc.array(unit, { maxLength }).map((units) => units.join('')),
    // One thing again and again is what backtracking and tables of pairs suffer from.
    fc
      .tuple(piece, piece, fc.nat(maxLength), piece)
      .map(([start, middle, count, end]) => start + middle.repeat(count) + end),
  )
}

/** Texts as long as a learner's may be, and longer; short ones most of the time. */
export function learnersText(): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 20, arbitrary: hostileText(40) },
    { weight: 1, arbitrary: hostileText(2_000) },
  )
}

/** Two texts, often with most of their words in common: what was said and what it should have been. */
export function saidAndCorrected(): fc.Arbitrary<[said: string, corrected: string]> {
  const words = fc.array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 6 })), {
    maxLength: 30,
  })
  const alikeText = fc
    .tuple(words, fc.nat(30), words, fc.constantFrom(' ', '', '\n'))
    .map(([start, at, substitute, space]): [string, string] => {
      const changedWords = [
        ...start.slice(0, at),
        ...substitute.slice(0, 3),
        ...start.slice(at + 2),
      ]
      return [start.join(space), changedWords.join(space)]
    })
  return fc.oneof(alikeText, fc.tuple(learnersText(), learnersText()))
}
