import { useEffect, useState } from 'preact/hooks'
import type { ChatView, StudioView } from '../../view.ts'

export type Studio = {
  view: StudioView | undefined
  chats: ReadonlyMap<number, ChatView>
  /** False while the studio's server is away; the stream is opened again by the browser. */
  isConnected: boolean
}

/** What the studio's server tells, as it is now. */
export function useStudio(): Studio {
  const [studio, setStudio] = useState<Studio>({
    view: undefined,
    chats: new Map(),
    isConnected: false,
  })

  useEffect(() => {
    const stream = new EventSource('/studio/chats')
    stream.addEventListener('open', () => setStudio((studio) => ({ ...studio, isConnected: true })))
    stream.addEventListener('error', () =>
      setStudio((studio) => ({ ...studio, isConnected: false })),
    )
    stream.addEventListener('studio', ({ data }) => {
      const view: StudioView = JSON.parse(data)
      setStudio((studio) => ({ ...studio, view }))
    })
    stream.addEventListener('chat', ({ data }) => {
      const chat: ChatView = JSON.parse(data)
      setStudio((studio) => ({ ...studio, chats: new Map(studio.chats).set(chat.learnerId, chat) }))
    })
    return () => stream.close()
  }, [])

  return studio
}
