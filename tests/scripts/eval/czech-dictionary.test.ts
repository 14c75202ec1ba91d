import { expect, test } from 'vitest'
import { inventedForms, openCzechDictionary } from '../../../scripts/eval/czech-dictionary.ts'

test('forms that are no Czech are found, each once, but no names and nothing that the learner said', async () => {
  const dictionary = await openCzechDictionary()
  if (dictionary === undefined) throw new Error('The dictionary is a development dependency.')
  const said = 'Ona přišela s kamrádem do obchod.'
  const text =
    'Ona přišela s kamrádem z obchodou a pracujeme v Brnově s obchodou, kde jsme mluvili.'
  expect(inventedForms(dictionary, text, said)).toEqual(['obchodou'])
})
