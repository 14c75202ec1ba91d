import { useEffect, useState } from 'preact/hooks'
import { onPlayerChange, type PlayerState, playerState } from './player.ts'

/** What the player does with one voice note. */
export function usePlayer(url: string): Omit<PlayerState, 'url'> {
  const [state, setState] = useState(playerState())
  useEffect(() => onPlayerChange(() => setState(playerState())), [])
  const isThis = state.url === url
  return {
    isPlaying: isThis && state.isPlaying,
    seconds: isThis ? state.seconds : 0,
    rate: state.rate,
  }
}
