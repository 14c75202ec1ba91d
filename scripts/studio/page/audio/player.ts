/**
 * The one player of the page: like a phone, it plays one voice note at a time.
 */
const RATES = [1, 1.5, 2, 0.75] as const

const audio = new Audio()
const listeners = new Set<() => void>()
const queue: string[] = []
let rate: (typeof RATES)[number] = 1

export type PlayerState = { url: string; isPlaying: boolean; seconds: number; rate: number }

export function playerState(): PlayerState {
  return {
    url: audio.dataset.url ?? '',
    isPlaying: !audio.paused && !audio.ended,
    seconds: audio.currentTime,
    rate,
  }
}

/** Plays a voice note from where it was, or stops it there. */
export function toggle(url: string): void {
  queue.length = 0
  if (audio.dataset.url === url && !audio.paused) audio.pause()
  else start(url)
}

/** Plays a voice note when those before it have ended. */
export function playNext(url: string): void {
  if (audio.paused || audio.ended) start(url)
  else queue.push(url)
}

export function seek(url: string, seconds: number): void {
  load(url)
  audio.currentTime = seconds
  tell()
}

/** Takes the next speed of RATES. */
export function changeRate(): void {
  const index = RATES.indexOf(rate)
  rate = RATES[(index + 1) % RATES.length] ?? 1
  audio.playbackRate = rate
  tell()
}

export function onPlayerChange(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function load(url: string): void {
  if (audio.dataset.url === url) return
  audio.src = url
  audio.dataset.url = url
}

function start(url: string): void {
  load(url)
  audio.playbackRate = rate
  // A page that no one has clicked may not make a sound yet: the note waits for its own button.
  audio.play().catch(tell)
}

function tell(): void {
  for (const listener of listeners) listener()
}

for (const event of ['play', 'pause', 'timeupdate', 'loadedmetadata', 'seeked']) {
  audio.addEventListener(event, tell)
}
audio.addEventListener('ended', () => {
  tell()
  const next = queue.shift()
  if (next !== undefined) start(next)
})
