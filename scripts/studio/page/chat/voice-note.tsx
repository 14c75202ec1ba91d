import { useEffect, useRef, useState } from 'preact/hooks'
import type { FileView } from '../../view.ts'
import { changeRate, seek, toggle } from '../audio/player.ts'
import { usePlayer } from '../audio/use-player.ts'
import { BARS, type Waveform, waveformOf } from '../audio/waveform.ts'
import { Icon } from '../ui/icon.tsx'

const FLAT: number[] = Array.from({ length: BARS }, () => 0.15)

/** A voice note, played as Telegram does: button, waveform, time, speed. */
export function VoiceNote({ file: { url, seconds } }: { file: FileView }) {
  const [waveform, setWaveform] = useState<Waveform | undefined>()
  const player = usePlayer(url)
  const element = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!element.current) return
    // Decoded when it comes into view: a page of many learners has hundreds.
    const view = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return
      view.disconnect()
      // A browser that cannot decode Ogg has a flat line, and may play it all the same.
      waveformOf(url).then(setWaveform, () => setWaveform(undefined))
    })
    view.observe(element.current)
    return () => view.disconnect()
  }, [url])
  const length = waveform?.seconds || seconds
  const verb = player.isPlaying ? 'Pause' : 'Play'
  return (
    <div class="voice-note" ref={element}>
      <button
        type="button"
        class="round"
        aria-label={`${verb} the voice message of ${Math.round(length)} seconds`}
        onClick={() => toggle(url)}
      >
        <Icon name={player.isPlaying ? 'pause' : 'play'} />
      </button>
      <div class="track">
        <Bars bars={waveform?.bars ?? FLAT} share={length === 0 ? 0 : player.seconds / length} />
        <input
          type="range"
          aria-label="Position in the voice message"
          min={0}
          max={length}
          step={0.1}
          value={player.seconds}
          onInput={({ currentTarget }) => seek(url, Number(currentTarget.value))}
        />
        <span class="time">{clockFace(player.seconds > 0 ? player.seconds : length)}</span>
      </div>
      <button
        type="button"
        class="rate"
        aria-label={`Speed: ${player.rate}`}
        onClick={() => changeRate()}
      >
        {player.rate}×
      </button>
    </div>
  )
}

const WIDTH = 4
const HEIGHT = 26

function Bars({ bars, share }: { bars: number[]; share: number }) {
  return (
    <svg
      class="bars"
      viewBox={`0 0 ${bars.length * WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {bars.map((bar, index) => {
        const height = Math.max(2.5, bar * HEIGHT)
        return (
          <rect
            key={index}
            class={index / bars.length < share ? 'played' : ''}
            x={index * WIDTH}
            y={HEIGHT - height}
            width={WIDTH - 1.5}
            height={height}
            rx={1.2}
          />
        )
      })}
    </svg>
  )
}

export function clockFace(seconds: number): string {
  const wholeSeconds = Math.round(seconds)
  return `${Math.floor(wholeSeconds / 60)}:${String(wholeSeconds % 60).padStart(2, '0')}`
}
