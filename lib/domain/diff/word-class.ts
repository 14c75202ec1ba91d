/** What a word is in a sentence, as far as that can be told from the word alone. */
export type WordClass =
  | 'punctuation'
  | 'number'
  | 'auxiliary'
  | 'preposition'
  | 'conjunction'
  | 'pronoun'
  | 'determiner'
  | 'content'

/**
 * Tells a Czech word's class: the closed classes by list, all other words are content words.
 *
 * `word` as `spellingOf` gives it. A form of two classes goes to the one listed first (`je` is a verb
 * more often than a pronoun).
 */
export function wordClass(word: string): WordClass {
  if (/^\p{N}+$/u.test(word)) return 'number'
  if (!/\p{L}/u.test(word)) return 'punctuation'
  return CLOSED.get(word) ?? 'content'
}

const LISTS: readonly (readonly [WordClass, string])[] = [
  [
    'auxiliary',
    `být jsem jsi jsme jste je jsou není nejsem nejsi nejsme nejste nejsou byl byla bylo byli byly
     budu budeš bude budeme budete budou bych bys by bychom byste`,
  ],
  [
    'preposition',
    `v ve na s z ze do k ke ku o od ode po pro před při u za bez mezi nad pod přes skrz kvůli
     podle kromě během díky proti`,
  ],
  [
    'conjunction',
    `a i ale nebo či ani však že když protože aby abych abys abychom abyste kdyby kdybych kdybys
     jestli zda pokud až než jak`,
  ],
  [
    'pronoun',
    `se si já ty on ona ono my vy oni mě mně mi mne mnou tě tobě ti tebe tebou ho mu jemu jej ji jí
     jím něj němu něho ním ní něm ně nimi nich jim jich nás nám námi vás vám vámi sebe sobě sebou
     co kdo koho komu čem čím něco někdo nic nikdo`,
  ],
  [
    'determiner',
    `ten ta to té tu tom tou toho tomu tím těch těm těmi tento tato toto tohoto této tuto tyto
     těchto můj moje má mé mého mému mém mou mojí mým mých tvůj tvoje tvá tvé tvou svůj svoje své
     svého svému svém svou svojí svým svých náš naše našeho naší váš vaše vašeho vaší jeho její
     jejich který která které kteří kterou kterého kterém kterým kterých jaký jaká jaké nějaký
     každý všechno všechny všichni`,
  ],
]

const CLOSED: ReadonlyMap<string, WordClass> = new Map(
  // Reversed, so that the list named first has the last word.
  LISTS.toReversed().flatMap(([name, words]) =>
    words.split(/\s+/).map((word): [string, WordClass] => [word, name]),
  ),
)
