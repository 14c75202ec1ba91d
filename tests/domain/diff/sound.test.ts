import fc from 'fast-check'
import { expect, test } from 'vitest'
import { soundOf, soundSame } from '../../../lib/domain/diff/sound.ts'
import { anyText, czechText } from '../czech-texts.ts'

test.each([
  ['Holky byli doma.', 'Holky byly doma.'],
  ['si', 'jsi'],
  ['sem', 'jsem'],
  ['mě', 'mně'],
  ['zapoměl', 'zapomněl'],
  ['rozumněl', 'rozuměl'],
  ['z', 's'],
  ['bjehat', 'běhat'],
  ['vjec', 'věc'],
  ['mý kamarádi', 'mí kamarádi'],
  ['dúm', 'dům'],
  ['ůkol', 'úkol'],
  ['let', 'led'],
  ['plod', 'plot'],
  ['hat', 'had'],
  ['vúl', 'vůl'],
  ['kref', 'krev'],
  ['bůch', 'Bůh'],
  ['zpjevák', 'spěvák'],
  ['schledat', 'shledat'],
  ['fšechno', 'všechno'],
  ['gde', 'kde'],
  ['prozba', 'prosba'],
  ['méno', 'jméno'],
  ['du', 'jdu'],
  ['ďecký', 'dětský'],
  ['vječí', 'větší'],
  ['srce', 'srdce'],
  ['měkí', 'měkký'],
  ['Marija', 'Maria'],
  ['historije', 'historie'],
  ['turizmus', 'turismus'],
  ['exkurze', 'ekskurze'],
  ['na shledanou', 'nashledanou'],
  ['v pravo', 'vpravo'],
  ['wifi', 'vifi'],
  // i and y, ú and ů, ě and je, mě and mně.
  ['psi štěkali', 'psy štěkaly'],
  ['mlčely jsme', 'mlčeli jsme'],
  ['bili jsme tam', 'byli jsme tam'],
  ['mít nádobí', 'mýt nádobí'],
  ['my se líbí', 'mi se líbí'],
  ['lyžička', 'ližička'],
  ['tůra', 'túra'],
  ['vězd', 'vjezd'],
  ['obět', 'objet'],
  ['objedvat', 'obědvat'],
  ['soukromně', 'soukromě'],
  ['tamnější', 'tamější'],
  ['jemě', 'jemně'],
  ['vzpoměl', 'vzpomněl'],
  // The voice of clusters and of last consonants, prepositions among them.
  ['f Praze', 'v Praze'],
  ['bes tebe', 'bez tebe'],
  ['pot stolem', 'pod stolem'],
  ['z bratrem', 's bratrem'],
  ['s kina', 'z kina'],
  ['g doktorovi', 'k doktorovi'],
  ['odpoledne', 'otpoledne'],
  ['svatba', 'svadba'],
  ['přetseda', 'předseda'],
  ['chlép', 'chléb'],
  ['lechký', 'lehký'],
  ['správa', 'zpráva'],
  ['skouška', 'zkouška'],
  ['skusit', 'zkusit'],
  // Consonants written twice, and clusters that speech makes shorter.
  ['sebou', 's sebou'],
  ['be soli', 'bez soli'],
  ['půlitr', 'půllitr'],
  ['cený', 'cenný'],
  ['deně', 'denně'],
  ['rošířit', 'rozšířit'],
  ['šťasný', 'šťastný'],
  ['vlasně', 'vlastně'],
  ['zvlášní', 'zvláštní'],
  ['prázniny', 'prázdniny'],
  ['šesnáct', 'šestnáct'],
  ['měský', 'městský'],
  ['francouský', 'francouzský'],
  ['věčina', 'většina'],
  ['sou', 'jsou'],
  ['menuju se', 'jmenuju se'],
  // Words of other languages.
  ['diskuse', 'diskuze'],
  ['kursy', 'kurzy'],
  ['president', 'prezident'],
  ['filosofie', 'filozofie'],
  ['universita', 'univerzita'],
  ['egzistovat', 'existovat'],
  ['gimnázium', 'gymnázium'],
  ['analíza', 'analýza'],
  ['taksi', 'taxi'],
])('%j sounds as %j', (a, b) => {
  expect([soundSame(a, b), soundSame(b, a)]).toEqual([true, true])
})

test.each([
  ['byt', 'být'],
  ['dal', 'dál'],
  ['pes', 'pás'],
  ['škola', 'školu'],
  ['kamarád', 'kamarádem'],
  ['do Praha', 'do Prahy'],
  ['rad', 'řad'],
  ['síra', 'sira'],
  ['ti', 'ty'],
  ['dívka', 'dýfka'],
  ['nyní', 'niní'],
  ['kosy', 'kozy'],
  ['pít', 'bít'],
  ['hora', 'chora'],
  ['byl', 'byla'],
  ['mám', 'mam'],
  ['rád', 'ráda'],
  ['velký', 'velká'],
  ['se mnou', 'ze mnou'],
  ['jít', 'ít'],
  // Soft and hard, short and long, endings of cases and persons.
  ['mladý muži', 'mladí muži'],
  ['příjemní den', 'příjemný den'],
  ['ty jsi', 'ti jsi'],
  ['dým', 'dím'],
  ['mne', 'mně'],
  ['pata', 'pátá'],
  ['drahá', 'dráha'],
  ['pas', 'pás'],
  ['domu', 'domů'],
  ['s kamarádama', 's kamarády'],
  ['novej dům', 'nový dům'],
  ['dobrý mlíko', 'dobré mlíko'],
  ['vokno', 'okno'],
  ['dycky', 'vždycky'],
  ['jezdim', 'jezdím'],
  ['bych', 'by'],
  ['chtěl by', 'chtěl bych'],
  ['řeka', 'reka'],
  ['tři', 'tri'],
  ['čas', 'cas'],
  ['šála', 'sála'],
  ['ruka', 'ruca'],
  ['zpívat', 'spívá'],
  ['sjezd', 'zjezd'],
  ['pátek', 'bátek'],
  ['koza', 'kosa'],
  ['vosa', 'voza'],
  ['hrát', 'hřát'],
  ['pět', 'pit'],
  ['ze školy', 've škole'],
])('%j does not sound as %j', (a, b) => {
  expect(soundSame(a, b)).toBe(false)
})

const texts = fc.oneof(anyText, czechText)

test('whether two texts sound the same does not depend on which comes first', () => {
  fc.assert(
    fc.property(texts, texts, (a, b) => {
      expect(soundSame(a, b)).toBe(soundSame(b, a))
    }),
  )
})

test('a text sounds as itself, with other capitals and punctuation, too', () => {
  fc.assert(
    fc.property(czechText, (text) => {
      expect(soundSame(text, `„${text.toLocaleUpperCase('cs')}!“`)).toBe(true)
    }),
  )
})

test('a word of another script has no Czech sound and stays as it is spelled', () => {
  expect(soundOf('Привет')).toBe('привет')
})
