/** The package has no types of its own; this is the part of Emscripten's module that we use. */
declare module 'espeak-ng' {
  type EspeakModule = { FS: { readFile(path: string): Uint8Array } }
  export default function espeakNg(module: {
    arguments: string[]
    instantiateWasm?: (
      imports: WebAssembly.Imports,
      receive: (instance: WebAssembly.Instance) => void,
    ) => WebAssembly.Exports
    print?: (line: string) => void
    printErr?: (line: string) => void
    quit?: (status: number, unwind: unknown) => void
  }): Promise<EspeakModule>
}

/** Node has it, but its types do not; this is the part that we use. */
declare namespace WebAssembly {
  type Imports = object
  type Exports = object
  class Module {}
  class Instance {
    constructor(compiled: Module, imports: Imports)
    readonly exports: Exports
  }
  function compile(bytes: Uint8Array): Promise<Module>
}
