import {type Dirent, promises as fs} from 'node:fs'
import {extname, join} from 'node:path'
import {DataError} from '../../errors.js'

/** The images of a folder, in a fixed order. */
export interface ImageFiles {
  readonly paths: readonly string[]
  /** One class number per image; undefined for a plain folder of images. */
  readonly classes: Float64Array | undefined
  readonly notes: readonly string[]
}

const EXTENSIONS: ReadonlySet<string> = new Set(['.png', '.jpg', '.jpeg', '.webp'])
/** Folders inside class folders are gone through; a link that leads back up must end somewhere. */
const MAX_DEPTH = 16
/** Names of parts of a data set, which are no classes. */
const SPLITS: ReadonlySet<string> = new Set([
  'train',
  'training',
  'val',
  'valid',
  'validation',
  'eval',
  'test',
  'testing',
])

interface Found {
  readonly paths: string[]
  others: number
}

/**
 * Lists the png, jpeg and webp files of a folder of class folders, or of a plain folder. Classes are numbered in the order of the
 * folders' names, as torchvision and Hugging Face do.
 *
 * @throws DataError when there are no images, or images both beside and in folders.
 */
export async function listImages(folder: string): Promise<ImageFiles> {
  const entries = await sortedEntries(folder)
  const here: Found = {paths: [], others: 0}
  const classes: {name: string; found: Found}[] = []
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (!(await isFolder(entry, path))) addFile(path, here)
    else classes.push({name: entry.name, found: await walk(path, 1)})
  }
  const inFolders = classes.reduce((sum, {found}) => sum + found.paths.length, 0)
  if (here.paths.length + inFolders === 0) throw noImages(folder, entries.length)
  if (here.paths.length > 0 && inFolders > 0) throw mixed(folder, here.paths.length, inFolders)
  const others = here.others + classes.reduce((sum, {found}) => sum + found.others, 0)
  const notes = others > 0 ? [`${folder}: ${others} files that are not png, jpeg or webp are ignored`] : []
  if (inFolders === 0) return {paths: here.paths, classes: undefined, notes}
  refuseSplits(folder, classes)
  return {
    paths: classes.flatMap(({found}) => found.paths),
    classes: Float64Array.from(classes.flatMap(({found}, index) => found.paths.map(() => index))),
    notes: [...notes, ...classNotes(folder, classes)],
  }
}

async function walk(folder: string, depth: number): Promise<Found> {
  if (depth > MAX_DEPTH) {
    throw new DataError(`${folder}: expected at most ${MAX_DEPTH} folders inside each other`, {
      hint: 'Look for a link that leads back up',
    })
  }
  const found: Found = {paths: [], others: 0}
  for (const entry of await sortedEntries(folder)) {
    const path = join(folder, entry.name)
    if (!(await isFolder(entry, path))) {
      addFile(path, found)
      continue
    }
    const inner = await walk(path, depth + 1)
    found.paths.push(...inner.paths)
    found.others += inner.others
  }
  return found
}

/** By code units, the same on every machine. Hidden files are what systems leave behind. */
async function sortedEntries(folder: string): Promise<Dirent[]> {
  const entries = await fs.readdir(folder, {withFileTypes: true})
  const visible = entries.filter(({name}) => !name.startsWith('.'))
  return visible.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Data sets are often linked together. */
async function isFolder(entry: Dirent, path: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory()
  return fs.stat(path).then(
    (target) => target.isDirectory(),
    () => false,
  )
}

function addFile(path: string, found: Found): void {
  if (EXTENSIONS.has(extname(path).toLowerCase())) found.paths.push(path)
  else found.others++
}

function noImages(folder: string, entries: number): DataError {
  const got = entries === 0 ? 'an empty folder' : 'none'
  return new DataError(`${folder}: expected png, jpeg or webp files in it or in class folders, got ${got}`, {
    hint: 'Data in folders can be images, or test_data_set_0, test_data_set_1, ... with input_0.pb in each',
  })
}

function mixed(folder: string, here: number, inFolders: number): DataError {
  return new DataError(
    `${folder}: expected images in class folders or none of them in folders, got ${here} beside and ${inFolders} in folders`,
    {hint: 'Move them all into a folder per class, or all out'},
  )
}

function refuseSplits(folder: string, classes: readonly {name: string}[]): void {
  if (!classes.every(({name}) => SPLITS.has(name.toLowerCase()))) return
  const names = classes.map(({name}) => name)
  throw new DataError(`${folder}: expected a folder per class, got the parts of a data set (${names.join(', ')})`, {
    hint: `Give one of them: ${join(folder, names.at(-1) ?? '')}`,
  })
}

/** What a reader of the labels may not expect. */
function classNotes(folder: string, classes: readonly {name: string; found: Found}[]): string[] {
  const notes: string[] = []
  const empty = classes.filter(({found}) => found.paths.length === 0).map(({name}) => name)
  if (empty.length > 0) notes.push(`${folder}: no images in ${empty.join(', ')}, counted as classes all the same`)
  const numbered = classes.every(({name}) => /^\d+$/.test(name))
  const moved = classes.findIndex(({name}, index) => Number(name) !== index)
  if (numbered && moved >= 0) {
    notes.push(
      `${folder}: classes are numbered in the order of their names as text, so '${classes[moved]?.name}' is ${moved}`,
    )
  }
  return notes
}
