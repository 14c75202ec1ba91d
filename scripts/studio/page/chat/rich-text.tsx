import type { ComponentChildren } from 'preact'
import type { Entity } from '../../telegram/objects.ts'
import { CopyCode, ExpandableQuote, Spoiler } from './revealing.tsx'
import { nest, type TextNode } from './text-tree.ts'

export type RichTextProps = {
  text: string
  entities: readonly Entity[]
  onCommand(command: string): void
}

/** Formatted text: Telegram's entities as elements; commands and addresses in it can be clicked. */
export function RichText({ text, entities, onCommand }: RichTextProps) {
  return <>{nest(text, entities).map((node, index) => draw(node, index, onCommand))}</>
}

function draw(
  node: TextNode,
  key: number,
  onCommand: (command: string) => void,
): ComponentChildren {
  if (typeof node === 'string') return <Plain key={key} text={node} onCommand={onCommand} />
  const children = node.children.map((child, index) => draw(child, index, onCommand))
  switch (node.entity.type) {
    case 'bold':
      return <b key={key}>{children}</b>
    case 'italic':
      return <i key={key}>{children}</i>
    case 'underline':
      return <u key={key}>{children}</u>
    case 'strikethrough':
      return <s key={key}>{children}</s>
    case 'code':
      return <CopyCode key={key} text={node.text} />
    case 'pre':
      return <pre key={key}>{node.text}</pre>
    case 'spoiler':
      return <Spoiler key={key}>{children}</Spoiler>
    case 'blockquote':
      return <blockquote key={key}>{children}</blockquote>
    case 'expandable_blockquote':
      return <ExpandableQuote key={key}>{children}</ExpandableQuote>
    case 'text_link':
      return (
        <a key={key} href={node.entity.url ?? ''} target="_blank" rel="noreferrer">
          {children}
        </a>
      )
    default:
      return children
  }
}

const CLICKABLE = /(?<=^|\s)(\/[a-z\d_]{1,32})(?=$|[\s.,!?)])|(https?:\/\/[^\s)]+)/gi

/** Text without entities, in which Telegram itself finds commands and addresses. */
function Plain({ text, onCommand }: { text: string; onCommand(command: string): void }) {
  const parts = text.split(CLICKABLE).filter((part) => part !== undefined && part !== '')
  return (
    <>
      {parts.map((part, index) => {
        const key = `${index} ${part}`
        if (/^\/[a-z\d_]+$/i.test(part)) {
          return (
            <button type="button" class="command" key={key} onClick={() => onCommand(part)}>
              {part}
            </button>
          )
        }
        if (!/^https?:\/\//.test(part)) return part
        return (
          <a key={key} href={part} target="_blank" rel="noreferrer">
            {part}
          </a>
        )
      })}
    </>
  )
}
