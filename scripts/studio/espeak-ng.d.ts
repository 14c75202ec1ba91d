/** The package has no types of its own; this is the part of Emscripten's module that we use. */
declare module 'espeak-ng' {
  type EspeakModule = { FS: { readFile(path: string): Uint8Array } }
  export default function espeakNg(module: {
    arguments: string[]
    print?: (line: string) => void
    printErr?: (line: string) => void
    quit?: (status: number, unwind: unknown) => void
  }): Promise<EspeakModule>
}
