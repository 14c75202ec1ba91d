import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

export type DisclosureProps = {
  label: string
  /** What the button shows, where that is not its label. */
  face?: ComponentChildren
  class?: string
  children: (close: () => void) => ComponentChildren
}

/** A button that opens a small pane; Escape, a click elsewhere, or leaving it by Tab closes it. */
export function Disclosure({ label, face, class: name = '', children }: DisclosureProps) {
  const [isOpen, setOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const pane = useRef<HTMLDivElement>(null)

  useEffect(() => {
    if (!isOpen) return
    // At the end of a list that scrolls, it would open out of sight.
    pane.current?.scrollIntoView({ block: 'nearest' })
    const closeOutside = ({ target }: Event) => {
      if (target instanceof Node && !root.current?.contains(target)) setOpen(false)
    }
    const closeByKey = ({ key }: KeyboardEvent) => {
      if (key !== 'Escape') return
      setOpen(false)
      button.current?.focus()
    }
    document.addEventListener('pointerdown', closeOutside)
    document.addEventListener('focusin', closeOutside)
    document.addEventListener('keydown', closeByKey)
    return () => {
      document.removeEventListener('pointerdown', closeOutside)
      document.removeEventListener('focusin', closeOutside)
      document.removeEventListener('keydown', closeByKey)
    }
  }, [isOpen])

  return (
    <div class={`disclosure ${name}`} ref={root}>
      <button
        type="button"
        ref={button}
        aria-expanded={isOpen}
        aria-label={face === undefined ? undefined : label}
        title={face === undefined ? undefined : label}
        onClick={() => setOpen(!isOpen)}
      >
        {face ?? label}
      </button>
      {isOpen && (
        <div class="pane" ref={pane}>
          {children(() => setOpen(false))}
        </div>
      )}
    </div>
  )
}
