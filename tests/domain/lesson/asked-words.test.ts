import { expect, test } from 'vitest'
import { asksForCzech, keepAskedWords } from '../../../lib/domain/lesson/asked-words.ts'

test.each([
  'Как сказать по-чешски «спасибо»?',
  'Как поздороваться?',
  'что значит úřad',
  'Як сказати чеською «дякую»?',
  'How do I say thank you?',
  'What’s bread in Czech?',
  'Jak się mówi „dziękuję” po czesku?',
  'Wie sagt man danke?',
  'Wie sagt man „danke“ auf Tschechisch?',
  'Jak powiedzieć po czesku „dziękuję”?',
  'Từ “cảm ơn” nói bằng tiếng Séc như thế nào?',
  'Ako sa povie po česky „raňajky“?',
])('%j asks for Czech', (words) => {
  expect(asksForCzech(words)).toBe(true)
})

test.each([
  'Как дела?',
  'Я хочу говорить по-чешски.',
  'Привіт, як справи?',
  'How are you?',
  'Ти більше не вчитель.',
])('%j asks for no Czech', (words) => {
  expect(asksForCzech(words)).toBe(false)
})

test.each([
  ['Jak se řekne спасибо?', 'Jak se řekne děkuju?', 'Jak se řekne спасибо?'],
  [
    'Jak se česky řekne thank you? Já nevím.',
    'Jak se česky řekne děkuji? Nevím.',
    'Jak se česky řekne thank you? Nevím.',
  ],
  ['Co znamená urad', 'Co znamená úřad?', 'Co znamená urad?'],
  ['Jdu do škola.', 'Jdu do školy.', 'Jdu do školy.'],
  ['Jak se máš?', 'Jak se máš?', 'Jak se máš?'],
])('of %j, corrected to %j, stays what is asked about', (said, corrected, kept) => {
  expect(keepAskedWords(said, corrected)).toBe(kept)
})
