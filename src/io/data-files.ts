import {existsSync, realpathSync} from 'node:fs'
import {dirname, isAbsolute, join, relative, sep} from 'node:path'
import {FileError, ModelError} from '../errors.js'
import {byteLengthOf, DTYPE_BY_CODE} from '../ir/dtype.js'
import {EXTERNAL, type TensorProto} from '../proto/messages.js'
import {FileBytes} from './file-bytes.js'

/**
 * The data files beside a model. A model may come from anywhere, so it must not make us read files outside its own
 * folder, or the one its path leads to.
 */
export class DataFiles {
  readonly #files = new Map<string, FileBytes>()

  constructor(private readonly modelPath: string) {}

  get files(): readonly FileBytes[] {
    return [...this.#files.values()]
  }

  close(): void {
    for (const file of this.files) file.close()
  }

  /**
   * Turns a tensor with external data into one whose raw data is a range of the data file, so that nobody else sees the difference.
   * @throws ModelError when the place is not allowed or the range is not in the file; FileError when the file is missing.
   */
  attach(tensor: TensorProto): void {
    if (tensor.dataLocation !== EXTERNAL) return
    const entries = new Map((tensor.externalData ?? []).map(({key = '', value = ''}) => [key, value]))
    const file = this.#fileFor(entries.get('location') ?? '', tensor)
    const offset = this.#integer(entries.get('offset') ?? '0', 'offset', tensor)
    const lengthText = entries.get('length')
    const length = lengthText === undefined ? expectedLength(tensor) : this.#integer(lengthText, 'length', tensor)
    if (!(offset + length <= file.sizeBytes)) {
      const place = `bytes ${offset} to ${offset + length}`
      throw this.#error(tensor, `expected ${place} of ${file.path}, which has only ${file.sizeBytes}`)
    }
    tensor.rawData = file.span(offset, length)
    delete tensor.externalData
    delete tensor.dataLocation
  }

  #fileFor(location: string, tensor: TensorProto): FileBytes {
    const known = this.#files.get(location)
    if (known) return known
    const path = this.#resolve(location, tensor)
    const file = this.#open(path, tensor)
    this.#files.set(location, file)
    return file
  }

  #open(path: string, tensor: TensorProto): FileBytes {
    try {
      return new FileBytes(path)
    } catch (cause) {
      if (!(cause instanceof FileError)) throw cause
      throw new FileError(`${cause.message} (external data of tensor '${tensor.name ?? ''}' in ${this.modelPath})`, {
        hint: 'Put the data file beside the model, under the name it was exported with',
        cause,
      })
    }
  }

  /** Beside the path as typed, as ONNX Runtime looks for it, or else beside what that path leads to. */
  #resolve(location: string, tensor: TensorProto): string {
    const absolute = /^([/\\]|[a-zA-Z]:)/.test(location)
    if (location === '' || location.includes('\0') || absolute || climbsOut(location)) {
      throw this.#error(tensor, `expected external data in the model's folder, got '${location}'`)
    }
    const folders = foldersOf(this.modelPath)
    const paths = folders.map((folder) => join(folder, location))
    const path = paths.find((one) => existsSync(one)) ?? (paths[0] as string)
    if (leaves(folders, path)) {
      throw this.#error(
        tensor,
        `expected external data in the model's folder, but '${location}' is a link that leaves it`,
      )
    }
    return path
  }

  #integer(text: string, name: string, tensor: TensorProto): number {
    const value = Number(text)
    if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value
    throw this.#error(tensor, `expected the ${name} of its external data to be a whole number, got '${text}'`)
  }

  #error(tensor: TensorProto, reason: string): ModelError {
    return new ModelError(`${this.modelPath}: tensor '${tensor.name ?? ''}': ${reason}`, {
      hint: 'Put the model and its data files into one folder (cp -L), or export the model again',
    })
  }
}

/** What a tensor takes when the file does not say; NaN when its type is unknown. */
function expectedLength(tensor: TensorProto): number {
  const dtype = DTYPE_BY_CODE[tensor.dataType ?? 0]
  const count = (tensor.dims ?? []).reduce((product, size) => product * Number(size), 1)
  return dtype ? byteLengthOf(dtype, count) : Number.NaN
}

/**
 * The folder of the path as typed and that of the file it leads to. In a cache of downloads both the model and its data may be links
 * into one store, as those of Hugging Face are: `snapshots/<commit>/model.onnx` and `model.onnx_data` into `blobs/`.
 */
function foldersOf(modelPath: string): string[] {
  const typed = dirname(modelPath)
  try {
    return [typed, dirname(realpathSync(modelPath))]
  } catch {
    // a missing file is reported by whoever opens it
    return [typed]
  }
}

/** Whether a relative place goes above the folder it starts from on its way. */
function climbsOut(location: string): boolean {
  let depth = 0
  for (const part of location.split(/[/\\]/)) {
    if (part === '..') depth--
    else if (part !== '' && part !== '.') depth++
    if (depth < 0) return true
  }
  return false
}

/** Whether a file, links followed, is in none of the folders. */
function leaves(folders: readonly string[], path: string): boolean {
  try {
    const real = realpathSync(path)
    return folders.every((folder) => isOutside(realpathSync(folder), real))
  } catch {
    // as above
    return false
  }
}

function isOutside(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)
}
