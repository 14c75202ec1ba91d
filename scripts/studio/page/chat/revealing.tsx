import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'

/** Hidden text, which a click shows, and the next one hides. */
export function Spoiler({ children }: { children: ComponentChildren }) {
  const [isOpen, setOpen] = useState(false)
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button would not break across lines
    <span
      class={`spoiler ${isOpen ? 'open' : ''}`}
      role="button"
      tabIndex={0}
      aria-expanded={isOpen}
      aria-label={isOpen ? undefined : 'Hidden text: show it'}
      onClick={() => setOpen(!isOpen)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return
        event.preventDefault()
        setOpen(!isOpen)
      }}
    >
      <span aria-hidden={!isOpen}>{children}</span>
    </span>
  )
}

/** Code that a click copies, as on a phone. */
export function CopyCode({ text }: { text: string }) {
  const [isCopied, setCopied] = useState(false)
  return (
    <button
      type="button"
      class="code"
      title="Copy"
      onClick={async () => {
        await navigator.clipboard.writeText(text)
        setCopied(true)
        setTimeout(() => setCopied(false), 1500)
      }}
    >
      <code>{text}</code>
      <span role="status">{isCopied ? ' copied' : ''}</span>
    </button>
  )
}

/** A quote of which Telegram shows three lines, and the rest at a click. */
export function ExpandableQuote({ children }: { children: ComponentChildren }) {
  const [isOpen, setOpen] = useState(false)
  const [isLong, setLong] = useState(false)
  const inner = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const element = inner.current
    if (element && !isOpen) setLong(element.scrollHeight > element.clientHeight + 2)
  })
  return (
    <blockquote class={`expandable ${isOpen ? 'open' : ''}`}>
      <div ref={inner}>{children}</div>
      {(isLong || isOpen) && (
        <button type="button" class="more" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Show less' : 'Show more'}
        </button>
      )}
    </blockquote>
  )
}
