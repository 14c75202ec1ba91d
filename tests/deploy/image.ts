import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, matchesGlob, relative, resolve } from 'node:path'
import packageLock from '../../package-lock.json' with { type: 'json' }

const project = resolve(import.meta.dirname, '../..')
const dockerfile = join(project, '.github/deploy/Dockerfile')

/** What a Dockerfile makes: the files below `root`, and what is run in them. */
export type Image = {
  root: string
  /** The folder in which its commands run. */
  workdir: string
  env: Record<string, string>
  user: string | undefined
  command: string[]
  healthCheck: string[]
}

/** Stands in for what needs the network, or users that the base image alone has. */
const STAND_INS: Readonly<Record<string, (image: Image) => void>> = {
  'npm ci --omit=dev --ignore-scripts': linkDeployedPackages,
  'install -d -o node -g node /data': ({ root }) => mkdirSync(join(root, 'data')),
}

/**
 * Takes the steps of the Dockerfile, without Docker, in folders: packages are linked and not installed, and nothing
 * of a base image is there. Returns the last stage, and what removes them all.
 */
export function buildImage(buildArgs: Record<string, string>): { image: Image; remove(): void } {
  const dir = mkdtempSync(join(tmpdir(), 'mluv-me-image-'))
  const stages = new Map<string, Image>()
  let image = newImage(join(dir, '0'))
  for (const { keyword, rest } of instructionsOf(readFileSync(dockerfile, 'utf8'))) {
    if (keyword === 'FROM') {
      const name = / AS (\w+)$/.exec(rest)?.[1] ?? String(stages.size)
      image = newImage(join(dir, name))
      stages.set(name, image)
      continue
    }
    const step = STEPS[keyword]
    if (step === undefined) throw new Error(`This rig does not know ${keyword}.`)
    step(image, rest, { stages, buildArgs })
  }
  return { image, remove: () => rmSync(dir, { recursive: true, force: true }) }
}

function newImage(root: string): Image {
  return { root, workdir: root, env: {}, user: undefined, command: [], healthCheck: [] }
}

function instructionsOf(text: string): { keyword: string; rest: string }[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({
      keyword: line.split(' ', 1)[0] ?? '',
      rest: line.replace(/^\S+ /, ''),
    }))
}

type Step = (image: Image, rest: string, context: Context) => void
type Context = { stages: ReadonlyMap<string, Image>; buildArgs: Record<string, string> }

const STEPS: Readonly<Record<string, Step>> = {
  WORKDIR(image, rest) {
    image.workdir = join(image.root, rest)
    mkdirSync(image.workdir, { recursive: true })
  },
  COPY: (image, rest, { stages }) => copy(image, rest.split(' '), stages),
  RUN(image, rest) {
    const standIn = STAND_INS[rest]
    if (standIn !== undefined) standIn(image)
    else execFileSync('sh', ['-c', rest], { cwd: image.workdir })
  },
  ENV(image, rest, { buildArgs }) {
    for (const [, name = '', value = ''] of rest.matchAll(/(\w+)=(\S*)/g)) {
      const expanded = value.replace(/^\$(\w+)$/, (_, arg: string) => buildArgs[arg] ?? '')
      image.env[name] = expanded.startsWith('/') ? join(image.root, expanded) : expanded
    }
  },
  USER(image, rest) {
    image.user = rest
  },
  CMD(image, rest) {
    image.command = JSON.parse(rest)
  },
  HEALTHCHECK(image, rest) {
    image.healthCheck = JSON.parse(rest.replace(/^.* CMD /, ''))
  },
  ARG() {},
  VOLUME() {},
  EXPOSE() {},
}

function copy(image: Image, args: string[], stages: ReadonlyMap<string, Image>): void {
  const stageName = args[0]?.startsWith('--from=') ? args.shift()?.slice(7) : undefined
  const target = join(image.workdir, args.pop() ?? '')
  for (const path of args) {
    const stage = stages.get(stageName ?? '')
    if (stage !== undefined) {
      cpSync(join(stage.root, path), target, { recursive: true, verbatimSymlinks: true })
      continue
    }
    const source = join(project, path)
    const to = path === '.' ? target : join(target, path)
    cpSync(source, to, { recursive: true, filter: (file) => !isIgnored(relative(project, file)) })
  }
}

const IGNORED = readFileSync(`${dockerfile}.dockerignore`, 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))

/** By Docker's rule: the last pattern that fits the path, or a folder that it lies in, decides. */
function isIgnored(path: string): boolean {
  if (path === '') return false
  const lastPattern = IGNORED.findLast((pattern) => fits(path, pattern.replace(/^!/, '')))
  return lastPattern !== undefined && !lastPattern.startsWith('!')
}

function fits(path: string, pattern: string): boolean {
  if (path === '.') return false
  return matchesGlob(undotted(path), undotted(pattern)) || fits(dirname(path), pattern)
}

/** Docker's `*` stands for a name that begins with a dot, too. */
function undotted(path: string): string {
  return path.replaceAll(/(^|\/)\./g, '$1_')
}

function linkDeployedPackages({ workdir }: Image): void {
  for (const [path, entry] of Object.entries(packageLock.packages)) {
    const isTop = /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path)
    if (!isTop || 'dev' in entry || !existsSync(join(project, path))) continue
    mkdirSync(dirname(join(workdir, path)), { recursive: true })
    symlinkSync(join(project, path), join(workdir, path))
  }
}
