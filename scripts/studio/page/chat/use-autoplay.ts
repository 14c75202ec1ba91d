import { useEffect, useRef } from 'preact/hooks'
import type { MessageView } from '../../view.ts'
import { playNext } from '../audio/player.ts'

/** Plays the bot's voice notes as they come, one after the other; those from before the page was opened stay silent. */
export function useAutoplay(messages: MessageView[], isOn: boolean): void {
  const seen = useRef<Set<number> | undefined>(undefined)
  useEffect(() => {
    const notes = messages.filter(
      ({ author, media }) => author === 'bot' && media?.kind === 'voice',
    )
    const isFirstLook = seen.current === undefined
    const seenIds = seen.current ?? new Set<number>()
    seen.current = seenIds
    for (const { id, media } of notes) {
      if (seenIds.has(id)) continue
      seenIds.add(id)
      if (!isFirstLook && isOn && media) playNext(media.file.url)
    }
  }, [messages, isOn])
}
