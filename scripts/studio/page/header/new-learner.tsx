import { addLearner } from '../studio/ask.ts'
import { Disclosure } from '../ui/disclosure.tsx'

const LANGUAGES: readonly [string, string][] = [
  ['ru', 'русский'],
  ['uk', 'українська'],
  ['en', 'English'],
  ['cs', 'čeština'],
  ['de', 'Deutsch'],
]

/** Adds a learner with a phone beside the others. */
export function NewLearner() {
  return (
    <Disclosure label="Add a learner" class="new-learner">
      {(close) => (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            const fields = new FormData(event.currentTarget)
            close()
            void addLearner(String(fields.get('name')), String(fields.get('language')))
          }}
        >
          <label>
            Name
            <input name="name" required maxLength={64} autocomplete="off" />
          </label>
          <label>
            Language of their Telegram
            <select name="language">
              {LANGUAGES.map(([code, name]) => (
                <option key={code} value={code}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <button type="submit">Add</button>
        </form>
      )}
    </Disclosure>
  )
}
