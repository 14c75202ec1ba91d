import { useEffect, useState } from 'preact/hooks'
import type { StudioEvent } from '../../events/event.ts'

/** The stream is drawn at most so often. */
const DRAWN_EVERY_MS = 200

/** What has happened in the studio, oldest first; it grows for as long as the panel is open. */
export function useEvents(): readonly StudioEvent[] {
  const [events, setEvents] = useState<readonly StudioEvent[]>([])
  useEffect(() => {
    let receivedEvents: StudioEvent[] = []
    let timer: ReturnType<typeof setTimeout> | undefined
    const draw = () => {
      timer = undefined
      setEvents([...receivedEvents])
    }
    const stream = new EventSource('/studio/events')
    // After a break everything that is kept comes again.
    stream.addEventListener('open', () => {
      receivedEvents = []
    })
    stream.addEventListener('message', ({ data }) => {
      receivedEvents.push(JSON.parse(data))
      timer ??= setTimeout(draw, DRAWN_EVERY_MS)
    })
    return () => {
      clearTimeout(timer)
      stream.close()
    }
  }, [])
  return events
}
