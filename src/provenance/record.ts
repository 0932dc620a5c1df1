import {stat} from 'node:fs/promises'
import {createRequire} from 'node:module'
import {basename} from 'node:path'
import {digestFiles, digestPath} from '../io/digest-file.js'
import {givenOptions} from '../options/given-options.js'
import {SCHEMAS, type Verb} from '../options/schemas.js'

/** The key among a model's metadata. Its value is a JSON list, one entry for each verb that changed the file, the first first. */
export const RECORD_KEY = 'mopt.record'

/** A file and its SHA-256; only the last part of its path. */
export interface Digest {
  readonly file: string
  /** Absent where reading all of it would take longer than the work. */
  readonly sha256?: string
  readonly bytes?: number
}

/** How a file was made: enough to tell later whether it comes from the files that somebody has, and to make it again. */
export interface FileRecord {
  readonly tool: string
  readonly command: string
  /** The file it was made of. */
  readonly start: Digest
  readonly teacher?: Digest
  readonly data?: readonly Digest[]
  readonly eval?: readonly Digest[]
  /** Those that are not the defaults, in their rooms; paths by their last part. */
  readonly options: Readonly<Record<string, unknown>>
  /** What was decided where the options left it open. */
  readonly chosen?: Readonly<Record<string, unknown>>
}

/** A model's files. */
interface ModelFiles {
  readonly path: string
  /** The model file, then its data files. */
  readonly files: readonly string[]
}

/** What goes into a record. */
export interface RecordParts {
  readonly command: Verb
  readonly start: ModelFiles
  readonly teacher?: ModelFiles | undefined
  /** Paths of samples to learn from, and of their labels. */
  readonly data: readonly string[]
  /** Held-out samples of their own. */
  readonly eval: readonly string[]
  /** In the rooms of the verb's schema. */
  readonly options: object
}

/** Digests all files of a step. No clock, no folder: the same step gives the same record. */
export async function recordOf({
  command,
  start,
  teacher,
  data,
  eval: judged,
  options,
}: RecordParts): Promise<FileRecord> {
  return {
    tool: `mopt ${toolVersion()}`,
    command,
    start: await digestOfModel(start),
    ...(teacher && {teacher: await digestOfModel(teacher)}),
    ...(data.length > 0 && {data: await Promise.all(data.map(digestOfData))}),
    ...(judged.length > 0 && {eval: await Promise.all(judged.map(digestOfData))}),
    options: ofTheFile(givenOptions(SCHEMAS[command], options)),
  }
}

/** The metadata of a model with a record behind those it has. A value that is no list of records is left out. */
export function withRecord(metadata: ReadonlyMap<string, string>, record: FileRecord): Map<string, string> {
  return new Map([...metadata, [RECORD_KEY, JSON.stringify([...recordsIn(metadata), record])]])
}

/** The records of a file, the first first. */
export function recordsIn(metadata: ReadonlyMap<string, string>): readonly FileRecord[] {
  try {
    const records: unknown = JSON.parse(metadata.get(RECORD_KEY) ?? '[]')
    return Array.isArray(records) ? records : []
  } catch {
    return []
  }
}

/** The package finds itself by its name, wherever this code was bundled to. */
function toolVersion(): string {
  const {version} = createRequire(import.meta.url)('mopt-cli/package.json') as {version: string}
  return version
}

/** Where a file goes, how it is checked and where a training is kept change nothing in it. */
const ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  output: ['path', 'force', 'verify', 'time', 'checkShapes', 'reports'],
  training: ['checkpoint', 'resume'],
  simplify: ['dryRun'],
  // what was found by it is what was chosen
  quantize: ['tune'],
}
/** Rooms that only judge the file. */
const JUDGING: ReadonlySet<string> = new Set(['budget'])
const PATHS: ReadonlySet<string> = new Set([
  ...['samples', 'eval', 'labels', 'evalLabels', 'preprocessFile', 'teacher', 'student'],
])

function ofTheFile(rooms: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept = Object.entries(rooms).flatMap(([room, options]): [string, unknown][] => {
    if (JUDGING.has(room)) return []
    const own = Object.entries(options as object)
      .filter(([name]) => !ELSEWHERE[room]?.includes(name))
      .map(([name, value]): [string, unknown] => [name, PATHS.has(name) ? basename(String(value)) : value])
    return own.length > 0 ? [[room, Object.fromEntries(own)]] : []
  })
  return Object.fromEntries(kept)
}

async function digestOfModel({path, files}: ModelFiles): Promise<Digest> {
  return {file: basename(path), sha256: await digestFiles(files)}
}

/** Reading more than this takes longer than many a step; a folder may hold any number of files. */
const MOST_BYTES = 1e9

async function digestOfData(path: string): Promise<Digest> {
  const {size} = await stat(path)
  return size > MOST_BYTES
    ? {file: basename(path), bytes: size}
    : {file: basename(path), sha256: await digestPath(path)}
}
