import { useEffect, useRef, useState } from 'preact/hooks'
import type { ChatView } from '../../view.ts'
import type { Problem } from '../studio/ask.ts'

/** How long Telegram shows what a press was answered with. */
const NOTICE_MS = 5_000

/** What a press was answered with: above the chat for a moment, or in a dialog; and why something could not be done. */
export function Notice({ notice, problem }: { notice: ChatView['notice']; problem: Problem }) {
  // What was there when the page was opened is past.
  const [overId, setOverId] = useState(notice?.id)
  const dialog = useRef<HTMLDialogElement>(null)
  const isNew = notice !== null && notice.id !== overId

  useEffect(() => {
    if (!isNew) return
    if (notice.isAlert) return dialog.current?.showModal()
    const timer = setTimeout(() => setOverId(notice.id), NOTICE_MS)
    return () => clearTimeout(timer)
  }, [notice?.id])

  return (
    <>
      <div role="status" class="notice">
        {isNew && !notice.isAlert && <p>{notice.text}</p>}
        {problem !== undefined && <p class="problem">{problem}</p>}
      </div>
      {isNew && notice.isAlert && (
        <dialog ref={dialog} aria-label="Honzík" onClose={() => setOverId(notice.id)}>
          <p>{notice.text}</p>
          <form method="dialog">
            <button type="submit">OK</button>
          </form>
        </dialog>
      )}
    </>
  )
}
