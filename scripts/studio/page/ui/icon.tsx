const PATHS = {
  play: 'M8 5v14l11-7z',
  pause: 'M7 5h4v14H7zM13 5h4v14h-4z',
  send: 'M3 20.5 21.5 12 3 3.5v6.6l11 1.9-11 1.9z',
  microphone:
    'M12 15a3.5 3.5 0 0 0 3.5-3.5v-5a3.5 3.5 0 0 0-7 0v5A3.5 3.5 0 0 0 12 15m6-3.5a6 6 0 0 1-5 5.9V21h-2v-3.6a6 6 0 0 1-5-5.9h2a4 4 0 0 0 8 0z',
  cross:
    'M18.3 5.7 12 12l6.3 6.3-1.4 1.4L10.6 13.4 4.3 19.7l-1.4-1.4L9.2 12 2.9 5.7l1.4-1.4 6.3 6.3 6.3-6.3z',
  bin: 'M9 3h6l1 2h4v2H4V5h4zM6 9h12l-1 12H7z',
  dots: 'M12 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4m0 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4m0 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4',
  menu: 'M4 6h16v2H4zM4 11h16v2H4zM4 16h16v2H4z',
  file: 'M6 2h8l5 5v15H6zm7 1.5V8h4.5z',
  clip: 'M16.500 6v11.500a4 4 0 0 1-8 0V5a2.500 2.500 0 0 1 5 0v10.500a1 1 0 0 1-2 0V6H10v9.500a2.500 2.500 0 0 0 5 0V5a4 4 0 0 0-8 0v12.500a5.500 5.500 0 0 0 11 0V6z',
  plus: 'M11 5h2v6h6v2h-6v6h-2v-6H5v-2h6z',
  check: 'm9.5 16.2-4-4L4 13.6l5.5 5.5L20 8.6l-1.4-1.4z',
  reply: 'M10 8V4L3 11l7 7v-4.1c5 0 8.500 1.600 11 5.100-1-5-4-10-11-11z',
} as const

/** A drawing that stands for a word; the word is its button's label. */
export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  )
}
