import type { TextKey } from './en.ts'

export const cs = {
  'command.start': 'Seznámit se s Honzíkem a začít',
  'command.help': 'Jak to funguje, denní plán, hvězdičky',

  'welcome.new':
    'Ahoj! Já jsem Honzík z Prahy.\n\n' +
    'Tady v Mluv.Me ti pomůžu mluvit česky:\n' +
    '🎙 Pošleš mi hlasovku nebo text v češtině.\n' +
    '✏️ Ukážu ti, co slyším, a vysvětlím chyby v tvém jazyce.\n' +
    '🔊 Odpovím ti hlasem a zeptám se dál.',
  'welcome.back': 'Vítej zpátky! Pošli mi hlasovku nebo napiš česky. Jak se dneska máš?',
  'welcome.ready': 'Hotovo! Pošli mi hlasovku nebo napiš česky. Třeba:',
  'register.first': 'Ještě se neznáme! Klepni na /start, zabere to minutku.',

  'native.choose': 'V jakém jazyce ti mám vysvětlovat chyby?',
  'native.chosen': 'Jazyk vysvětlení: {language}',
  'level.choose': 'Jak dobře mluvíš česky?',
  'level.chosen': 'Tvoje úroveň: {level}',
  'level.beginner': 'Začátečník · A2–B1',
  'level.beginner.hint': 'jednoduché věty na každý den',
  'level.intermediate': 'Středně pokročilý · B1–B2',
  'level.intermediate.hint': 'běžné povídání, bohatší slovník',
  'level.advanced': 'Pokročilý · B2–C1',
  'level.advanced.hint': 'plynulý hovor, idiomy a jemnosti',
  'level.native': 'Skoro rodilý mluvčí · C2',
  'level.native.hint': 'jako s českým kamarádem: slang a nuance',

  'help.send':
    'Pošli mi hlasovku do {maxSeconds, plural, one {# sekundy} other {# sekund}} nebo text od {minLength} do {maxLength, plural, one {# znaku} other {# znaků}} v češtině.',
  'help.answer': 'Ukážu ti, co slyším, vysvětlím chyby a odpovím hlasem. A povídáme si dál!',
  'help.plan':
    'Každý den: {voice, plural, one {# hlasová lekce} few {# hlasové lekce} other {# hlasových lekcí}} a {text, plural, one {# textová} few {# textové} other {# textových}}. Zprávy bez češtiny se nepočítají.',
  'help.stars':
    'Za lekci: {stars, plural, one {# hvězdička} few {# hvězdičky} other {# hvězdiček}} a za skóre od {goodScore} ještě jedna.',
  'help.streak':
    'Mluv každý den: od {weekDays}. dne v řadě je za lekci navíc +{weekStars}, od {monthDays}. dne +{monthStars}.',
  'help.challenge':
    '{lessons, plural, one {# lekce} few {# lekce} other {# lekcí}} za den: navíc {stars, plural, one {# hvězdička} few {# hvězdičky} other {# hvězdiček}}.',
  'help.privacy':
    'Zprávy zpracovává OpenAI: rozpozná hlas a připraví odpověď. Nahrávky neukládáme, jen text lekce.',

  'unsupported.photo': 'Fotku nevidím. Řekni mi česky, co na ní je!',
  'unsupported.sticker': 'Pěkná samolepka! Já ale potřebuju slova: řekni to česky.',
  'unsupported.audio': 'Zvukové soubory neberu. Podrž mikrofon a nahraj hlasovku!',
  'unsupported.videoNote':
    'Videozprávy nevidím. Klepni na ikonu kamery, ať se změní na mikrofon, a nahraj hlasovku!',
  'unsupported.video': 'Video nevidím. Řekni mi česky, co se v něm děje!',
  'unsupported.document': 'Soubory neotvírám. Pošli mi hlasovku nebo napiš česky!',
  'unsupported.other': 'Tomuhle nerozumím. Pošli mi hlasovku nebo napiš česky!',
  'unsupported.group': 'Učím jen v soukromých chatech: napiš mi tam!',
  'unsupported.command': 'Tenhle příkaz neznám. Všechny příkazy: /help',
  'unsupported.button': 'Tohle tlačítko už neplatí. Klepni na /start.',

  'text.tooShort':
    'To je moc krátké. Napiš česky aspoň {min, plural, one {# znak} few {# znaky} other {# znaků}}, nejlíp celou větu!',
  'text.tooLong':
    'Text má {length, plural, one {# znak} few {# znaky} other {# znaků}}, přečtu ale nejvýš {max, plural, one {# znak} few {# znaky} other {# znaků}}. Pošli ho po částech!',
  'text.notCzech':
    'Tohle nevypadá jako čeština. Já učím češtinu: zkus to česky, klidně s chybami! Tahle zpráva se nepočítá.',

  'voice.tooLong':
    'Nahrávka má {seconds, plural, one {# sekundu} few {# sekundy} other {# sekund}}, poslechnu ale nejvýš {max, plural, one {# sekundu} few {# sekundy} other {# sekund}}. Nahraj kratší!',
  'voice.tooBig': 'Tahle nahrávka je na mě moc velká. Nahraj kratší!',
  'voice.damaged': 'Tuhle nahrávku nejde přehrát. Nahraj ji prosím znovu.',
  'voice.silence':
    'V téhle nahrávce není nic slyšet. Dej si mikrofon blíž a zkus to znovu! Tahle zpráva se nepočítá.',
  'voice.otherLanguage':
    'Zní to jako jiný jazyk: {language}. Já učím češtinu: zkus to česky, klidně s chybami! Tahle zpráva se nepočítá.',
  'voice.notCzech':
    'Tohle nezní jako čeština. Já učím češtinu: zkus to česky, klidně s chybami! Tahle zpráva se nepočítá.',
  'voice.expired': 'K téhle nahrávce už se nedostanu. Pošli ji prosím znovu.',

  'verdict.heard': 'Slyším',
  'verdict.wrote': 'Tvůj text',
  'verdict.corrected': 'Správně',
  'verdict.praise': 'Bez chyb, paráda!',
  'verdict.mistakes': 'Chyby',
  'verdict.tip': 'Tip',
  'verdict.newWords': 'Nová slovíčka',
  'verdict.score': '{score} ze 100',

  'stars.earned':
    '+{count, plural, one {# hvězdička} few {# hvězdičky} other {# hvězdiček}} · celkem {total, number}',
  'stars.lesson': 'lekce +{count}',
  'stars.goodScore': 'dobré skóre +{count}',
  'stars.streak': 'série +{count}',
  'streak.days': 'Série: {days, plural, one {# den} few {# dny} other {# dní}}',
  'challenge.progress': 'Denní výzva: {done} z {goal}',
  'challenge.completed':
    'Denní výzva splněna: +{stars, plural, one {# hvězdička} few {# hvězdičky} other {# hvězdiček}}',

  'reply.label': '{character, select, novakova {Paní Nováková odpovídá} other {Honzík odpovídá}}',
  'reply.listenFirst': 'poslechni si, pak klepni',
  'reply.speechFailed': 'Tentokrát mě zradil hlas, tak odpovídám písemně.',

  'quota.usedUp':
    '{kind, select, voice {Hlasové lekce} other {Textové lekce}} na dnešek jsou vyčerpané ({limit} denně). Další budou za {unit, select, hours {{amount, plural, one {# hodinu} few {# hodiny} other {# hodin}}} other {{amount, plural, one {# minutu} few {# minuty} other {# minut}}}}.',
  'quota.unheardUsedUp':
    'Dneska bylo moc zpráv, ve kterých nebyla čeština. Zkusíme to znovu za {unit, select, hours {{amount, plural, one {# hodinu} few {# hodiny} other {# hodin}}} other {{amount, plural, one {# minutu} few {# minuty} other {# minut}}}}. Jestli to byly hlasovky, zkontroluj mikrofon.',
  'quota.budgetUsedUp':
    'Dneska si se mnou povídá tolik lidí, že je můj denní limit vyčerpaný. Přijď zítra! Tahle zpráva se nepočítá.',

  'failure.delayed': 'Potřebuju na to trochu víc času. Znovu to posílat nemusíš!',
  'failure.press': 'To se nepovedlo. Zmáčkni to prosím ještě jednou.',
  'failure.parked':
    'Zprávu mám u sebe. Teď hned odpovědět nemůžu, ale ozvu se, jakmile to půjde. Znovu ji posílat nemusíš.',
  'failure.dead':
    'Promiň, na tuhle zprávu se mi nepodařilo odpovědět. Do denního plánu se nepočítá. Pošli ji prosím znovu.',
  'failure.unshown':
    'Lekce se počítá, ale celou odpověď se mi poslat nepodařilo. Promiň! Pojďme dál.',
  'failure.refused': 'Pojďme si povídat o něčem jiném. Jaký máš dneska den?',
} satisfies Record<TextKey, string>
