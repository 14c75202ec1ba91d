/**
 * The name of a file's format, by its bytes, where it is one that people record or that servers send, and that is not
 * played here; undefined for all else, damaged files among them.
 */
export function unplayedFormatOf(bytes: Uint8Array): string | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
  return FORMATS.find(([, ...marks]) => marks.every((isThere) => isThere(file)))?.[0]
}

/** A file is read as Latin-1: each letter is a byte. */
type Mark = (file: string) => boolean

const at =
  (offset: number, ...letters: string[]): Mark =>
  (file) =>
    letters.some((mark) => file.startsWith(mark, offset))

const within =
  (length: number, ...letters: string[]): Mark =>
  (file) =>
    letters.some((mark) => file.slice(0, length).includes(mark))

/** What MP4 holds may be told at the end of the file, where recorders write it when they have finished. */
const anywhere = (...letters: string[]) => within(Number.POSITIVE_INFINITY, ...letters)

const isMp4 = at(4, 'ftyp')
const isWav: Mark = (file) => file.startsWith('RIFF') && file.startsWith('WAVE', 8)
const isEbml = at(0, '\x1a\x45\xdf\xa3')
/** Where the first packet of an Ogg begins, and the codec of a WAV. */
const OGG_PACKET = 28
const WAV_CODEC = 20
/** EBML tells of its tracks before any sound. */
const EBML_HEADERS = 4_096

/** The layer of an MPEG frame, with the rest of its sync. */
function isLayer(file: string, layer: number): boolean {
  return (file.charCodeAt(1) & 0xe6) === layer
}

/** Of two that fit, the first names the file. */
const FORMATS: readonly (readonly [name: string, ...marks: Mark[]])[] = [
  ['AMR', at(0, '#!AMR')],
  // WeChat's and QQ's.
  ['SILK', at(0, '#!SILK', '\x02#!SILK')],
  ['CAF', at(0, 'caff')],
  ['AIFF', at(0, 'FORM'), at(8, 'AIFF', 'AIFC')],
  ['AU', at(0, '.snd')],
  ['WMA', at(0, '\x30\x26\xb2\x75\x8e\x66\xcf\x11')],
  ['AC-3', at(0, '\x0b\x77')],
  ['RF64', at(0, 'RF64', 'BW64')],
  ['Wave64', at(0, 'riff\x2e\x91\xcf\x11')],
  ['WAV with ADPCM', isWav, at(WAV_CODEC, '\x02\0', '\x11\0', '\x45\0')],
  ['WAV with GSM', isWav, at(WAV_CODEC, '\x31\0')],
  ['WAV with MP3', isWav, at(WAV_CODEC, '\x50\0', '\x55\0')],
  ['Ogg Vorbis', at(OGG_PACKET, '\x01vorbis')],
  ['Ogg FLAC', at(OGG_PACKET, '\x7fFLAC')],
  ['Ogg Speex', at(OGG_PACKET, 'Speex ')],
  ['Opus of several channels', at(OGG_PACKET, 'OpusHead'), at(OGG_PACKET + 18, '\x01', '\xff')],
  ['video', at(0, 'OggS'), at(OGG_PACKET, '\x80theora', 'fishead', 'BBCD')],
  ['video', isMp4, anywhere('hdlr\0\0\0\0\0\0\0\0vide', 'hdlr\0\0\0\0mhlrvide')],
  ['Apple Lossless', isMp4, anywhere('alac')],
  ['AMR', isMp4, anywhere('samr', 'sawb')],
  ['video', isEbml, within(EBML_HEADERS, '\x83\x81\x01')],
  ['WebM with Vorbis', isEbml, within(EBML_HEADERS, 'A_VORBIS')],
  ['Matroska', isEbml, within(EBML_HEADERS, 'matroska')],
  ['video', at(0, 'FLV\x01')],
  ['video', at(0, 'RIFF'), at(8, 'AVI ')],
  ['MPEG-TS', at(0, 'G'), at(188, 'G'), at(376, 'G')],
  // Three bits of length follow eleven of sync.
  ['LATM', at(0, 'V'), (file) => file.charCodeAt(1) >= 0xe0],
  // Of layer III, without a bit rate.
  ['MP3 of free format', at(0, '\xff'), (file) => isLayer(file, 0xe2) && file.charCodeAt(2) < 0x10],
  ['MP2', at(0, '\xff'), (file) => isLayer(file, 0xe4)],
]
