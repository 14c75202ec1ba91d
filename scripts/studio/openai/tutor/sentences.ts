import type { Level } from '../../../../lib/domain/learner/learner.ts'
import type { RuleName } from './rules.ts'
import type { TopicName } from './topics.ts'

/** The learner's words, the corrected words, and the rule that says why. */
type KnownMistake = readonly [original: string, corrected: string, rule: RuleName]

/** A sentence that the imitated tutor knows by heart; without mistakes it is right. */
export type KnownSentence = {
  said: string
  level: Level
  topic: TopicName
  mistakes: readonly KnownMistake[]
}

/**
 * The sentences that can be tried without a real tutor: of all kinds of mistakes, of all levels, right ones among them,
 * and some that sound the same as their correction, which costs nothing where they are spoken.
 */
export const SENTENCES: readonly KnownSentence[] = [
  ...atLevel('first_steps', [
    ['Já jsem z Ukrajina.', 'city', ['z Ukrajina', 'z Ukrajiny', 'genitive']],
    ['Bydlím v Brno.', 'city', ['v Brno', 'v Brně', 'locative']],
    ['Mám pes.', 'family', ['pes', 'psa', 'animate']],
    ['Mám jeden sestra.', 'family', ['jeden sestra', 'jednu sestru', 'feminine']],
    ['To je můj kniha.', 'free', ['můj kniha', 'moje kniha', 'feminine']],
    ['Já mluvit česky.', 'czech', ['mluvit', 'mluvím', 'person']],
    ['Chci piju kávu.', 'food', ['piju', 'pít', 'infinitive']],
    ['Ahoj Petr, jak se máš?', 'free', ['Petr', 'Petře', 'vocative']],
    ['Mám třicet let.', 'family', ['Mám třicet let', 'Je mi třicet let', 'age']],
    ['Jmenuju Anna.', 'family', ['Jmenuju', 'Jmenuju se', 'reflexiveMissing']],
    ['Dobrý den, jak se máte?', 'free'],
    ['Děkuju, mám se dobře.', 'free'],
    ['Nemluvím dobře česky.', 'czech'],
  ]),
  ...atLevel('beginner', [
    ['Já mám rád česká jídlo.', 'food', ['česká jídlo', 'české jídlo', 'neuter']],
    ['Jdu do škola.', 'time', ['do škola', 'do školy', 'genitive']],
    ['Jedu na práce autobusem.', 'work', ['na práce', 'do práce', 'verbPreposition']],
    ['Piju kávu bez cukr.', 'food', ['bez cukr', 'bez cukru', 'genitive']],
    ['Koupila jsem nová bunda.', 'shop', ['nová bunda', 'novou bundu', 'accusative']],
    ['Vidím můj kamarád.', 'free', ['můj kamarád', 'svého kamaráda', 'animate']],
    ['Byl jsem v pošta.', 'city', ['v pošta', 'na poště', 'placeNa']],
    ['Studuju na škole.', 'time', ['na škole', 've škole', 'placeV']],
    ['Zítra půjdu do lékař.', 'health', ['do lékař', 'k lékaři', 'toPerson']],
    [
      'Mluvím s moje kamarádka.',
      'czech',
      ['s moje kamarádka', 's mojí kamarádkou', 'instrumental'],
    ],
    ['Jedu do práce s autobusem.', 'work', ['s autobusem', 'autobusem', 'instrumental']],
    ['Pomáhám moje maminka.', 'family', ['moje maminka', 'mojí mamince', 'dative']],
    ['Mám pět bratr.', 'family', ['pět bratr', 'pět bratrů', 'counted']],
    ['Včera já byl doma.', 'free', ['já byl', 'jsem byl', 'pastAuxiliary']],
    ['Zítra budu koupit chleba.', 'shop', ['budu koupit', 'koupím', 'future']],
    ['Moje bratr pracuje v bance.', 'work', ['Moje bratr', 'Můj bratr', 'masculine']],
    ['Rodiče bydlí v Kyjev.', 'family', ['v Kyjev', 'v Kyjevě', 'locative']],
    ['Nikdo mi rozumí.', 'czech', ['rozumí', 'nerozumí', 'negation']],
    ['Učím český jazyk dva roky.', 'czech', ['Učím', 'Učím se', 'reflexiveMissing']],
    ['Dneska je venku velký zima.', 'weather', ['velký zima', 'velká zima', 'feminine']],
    ['Čekám autobus už hodinu.', 'time', ['autobus', 'na autobus', 'verbPreposition']],
    ['Kolik to stojí?', 'shop'],
    ['Dneska je hezké počasí.', 'weather'],
    ['Bydlím v Praze a pracuju v obchodě.', 'city'],
    ['Včera jsem šel do kina s kamarádem.', 'free'],
  ]),
  ...atLevel('intermediate', [
    [
      'Včera jsem byl v Praha a šel jsem do obchod.',
      'shop',
      ['v Praha', 'v Praze', 'locative'],
      ['do obchod', 'do obchodu', 'genitive'],
    ],
    ['Já jsem se narodila v Moskva.', 'family', ['v Moskva', 'v Moskvě', 'locative']],
    ['Holky byli včera v kině.', 'free', ['byli', 'byly', 'pastPlural']],
    ['Kamarádi přišly pozdě.', 'free', ['přišly', 'přišli', 'pastPlural']],
    ['Oni mi se líbí.', 'free', ['mi se', 'se mi', 'secondPlace']],
    [
      'Já koupil jsem si nové auto.',
      'shop',
      ['Já koupil jsem si', 'Já jsem si koupil', 'secondPlace'],
    ],
    ['Hraju se na kytaru.', 'free', ['Hraju se', 'Hraju', 'reflexiveExtra']],
    ['Kdyby jsem měl čas, četl bych.', 'time', ['Kdyby jsem', 'Kdybych', 'conditional']],
    ['Chci, aby ty jsi přišel.', 'free', ['aby ty jsi', 'abys', 'conditional']],
    ['Praha je větší od Brna.', 'city', ['od Brna', 'než Brno', 'comparison']],
    ['Bojím se zkoušky z čeština.', 'czech', ['z čeština', 'z češtiny', 'genitive']],
    ['Moje děti chodí do školka.', 'family', ['do školka', 'do školky', 'genitive']],
    ['Pane doktore, můžeš mi pomoct?', 'health', ['můžeš', 'můžete', 'polite']],
    ['Paní, kde máš pokladnu?', 'shop', ['máš', 'máte', 'polite']],
    [
      'Dnes mám úžasný bolest hlavy.',
      'health',
      ['úžasný bolest', 'strašnou bolest', 'falseFriend'],
    ],
    ['Zítra jdeme na výstava.', 'free', ['na výstava', 'na výstavu', 'destination']],
    ['V létě pojedeme na moře.', 'trip', ['na moře', 'k moři', 'verbPreposition']],
    ['Moji rodiče byl v Itálii.', 'trip', ['byl', 'byli', 'pluralVerb']],
    ['Zajímám o historii.', 'free', ['Zajímám', 'Zajímám se', 'reflexiveMissing']],
    ['Těším se do víkendu.', 'free', ['do víkendu', 'na víkend', 'verbPreposition']],
    ['O víkendu pojedeme na hory, jestli nebude pršet.', 'trip'],
    ['Hledám byt, ale všechno je moc drahé.', 'city'],
  ]),
  ...atLevel('advanced', [
    ['Mě se to nelíbí, ale musím s tím žít.', 'free', ['Mě', 'Mně', 'letters']],
    ['Mluvili jsme o nová práce.', 'work', ['o nová práce', 'o nové práci', 'locative']],
    ['Díky kolegové jsem to stihla.', 'work', ['Díky kolegové', 'Díky kolegům', 'dative']],
    ['Film, který jsem viděl, byla dobrý.', 'free', ['byla', 'byl', 'masculine']],
    ['Zapomněla jsem zavolat pan ředitel.', 'work', ['pan ředitel', 'panu řediteli', 'dative']],
    ['Bydleli jsme blízko nádraží, ale vlaky nebylo slyšet.', 'city'],
  ]),
  ...atLevel('native', [
    [
      'Holky si na výletě nejvíc užily vyhlídku a my jsme si užily ticho, řekli kluci.',
      'trip',
      ['my jsme si užily', 'my jsme si užili', 'pastPlural'],
    ],
    ['Kdyby bylo po mém, zůstali bychom doma a četli si.', 'free'],
  ]),
]

type Row = readonly [said: string, topic: TopicName, ...mistakes: KnownMistake[]]

function atLevel(level: Level, rows: readonly Row[]): KnownSentence[] {
  return rows.map(([said, topic, ...mistakes]) => ({ said, level, topic, mistakes }))
}
