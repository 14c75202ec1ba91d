/**
 * What trips up the speakers of the most frequent native languages, by ISO 639-1 code.
 *
 * Other languages need no hint: the model knows them well enough to contrast.
 */
export const TRAPS: Readonly<Record<string, string>> = {
  ru: 'leaving out "jsem, jsi, je" (я был: byl jsem; я студент: jsem student); "u mě je" for "mám"; -ся glued to the verb against "se" and "si" in second place; g for h; "mluvit pro" for "mluvit o"; false friends: pozor (not позор), úžasný (not ужасный), čerstvý (not чёрствый), rodina (not родина), ovoce (not овощи), stůl (not стул), zapomenout (not запомнить), vedro (not ведро).',
  uk: 'leaving out "jsem, jsi, je" (я був: byl jsem); "v mene je" for "mám"; -ся glued to the verb against "se" and "si" in second place; -мо endings for -me; "mluvit pro" for "mluvit o"; short for long vowels; false friends: pozor (not позор), úžasný (not ужасний), čerstvý (not черствий), ovoce (not овочі), zapomenout (not запам’ятати), vedro (not відро).',
  en: 'cases after verbs and prepositions; grammatical gender and agreement; "se" and "si" and their second place; aspect in place of the perfect and continuous tenses; superfluous "já" and "ty"; "ty" against "vy"; false friends: aktuální (current), eventuálně (possibly), sympatický (nice), host (guest), list (leaf), pasta (paste).',
  pl: '"się" moves freely, "se" stands second; past tense endings (byłem: byl jsem); genitive after negation, where Czech keeps the accusative; h for g; false friends: šukat (never for szukać: hledat), sklep (cellar; sklep in Polish: obchod), jahoda (strawberry), květen (May; kwiecień: duben), čerstvý (fresh), droga (drug; droga in Polish: cesta), záchod (toilet; zachód in Polish: západ).',
  sk: 'Slovak words and endings that Czech does not have: som (jsem), sme (jsme), pretože (protože), ako (jak), rozumiem (rozumím), hovoriť (mluvit), raňajky (snídaně), mačka (kočka), ťava (velbloud); no ř, no ě; "se" for "sa"; -ou for -ú, the vocative. Slovak and Czech are close: correct only what is not Czech.',
  vi: 'verbs and nouns without endings, as Vietnamese words do not change; missing tense, number, gender and case; missing "být"; missing prepositions; no "se"; pronouns of kinship where Czech has ty and vy; consonant clusters and final consonants dropped in speech. Give the whole pattern, one at a time.',
  de: 'verb at the end of the clause or strictly second, where Czech word order is free; "se" and "si" with other verbs than sich; gender taken from German; cases taken from German prepositions (bez, do, z, od, u take the genitive); superfluous pronouns; aspect.',
}
