import type { StudioView } from '../../view.ts'
import { Disclosure } from '../ui/disclosure.tsx'

/** How the same lesson is asked for by HTTPS. */
export function LessonApi({ view: { apiKey, functions } }: { view: StudioView }) {
  const command = [
    `curl ${functions.url ?? 'http://localhost:8000'}/api/v1/lessons/process \\`,
    `  -H "Authorization: Bearer ${apiKey}" \\`,
    '  -F user_id=me -F include_audio=false \\',
    '  -F "text=Já mám rád česká jídlo."',
  ].join('\n')
  return (
    <Disclosure label="Lesson API" class="lesson-api">
      {() => (
        <>
          <p>The same lesson for programs. This key is of your local database alone.</p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
          <pre tabIndex={0}>{command}</pre>
          <button type="button" onClick={() => void navigator.clipboard.writeText(command)}>
            Copy
          </button>
        </>
      )}
    </Disclosure>
  )
}
