import {accessSync, constants, realpathSync, statSync} from 'node:fs'
import {basename, dirname, resolve} from 'node:path'
import {FileError} from '../errors.js'
import {writeFailure} from './file-errors.js'

export interface OutputCheck {
  readonly force: boolean
  /** Files that are being read: never overwritten, not even with `force`. */
  readonly inputs?: readonly string[]
  /** The one that names the file, for hints. */
  readonly flag?: string
}

/**
 * Checks that a file can be written before any work is done for it.
 * @throws FileError when it exists and `force` is not given, when it is an input, or when its folder is missing or read-only.
 */
export function checkOutput(path: string, {force, inputs = [], flag = '-o'}: OutputCheck): void {
  checkFolder(path, flag)
  const existing = statOf(path)
  if (!existing) return
  if (existing.isDirectory()) {
    throw new FileError(`${path}: expected a file to write, but it is a folder`, {hint: `Name a file with ${flag}`})
  }
  if (isAnyOf(path, inputs)) {
    throw new FileError(`${path}: is the input, which is never overwritten`, {hint: `Choose another file with ${flag}`})
  }
  if (!force)
    throw new FileError(`${path}: exists already`, {
      hint: `Overwrite it with --force, or choose another file with ${flag}`,
    })
}

/**
 * Where the data of a model goes that does not fit into the model file. In a folder named `onnx`, as repositories of Hugging Face have
 * them, it has the name that transformers.js downloads.
 */
export function dataPathOf(modelPath: string): string {
  return basename(dirname(resolve(modelPath))) === 'onnx' ? `${modelPath}_data` : `${modelPath}.data`
}

function checkFolder(path: string, flag: string): void {
  try {
    if (!statSync(dirname(path)).isDirectory())
      throw new FileError(`${path}: cannot be written: '${dirname(path)}' is no folder`)
    accessSync(dirname(path), constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw writeFailure(path, cause, flag)
  }
}

function statOf(path: string): ReturnType<typeof statSync> {
  try {
    return statSync(path, {throwIfNoEntry: false})
  } catch (cause) {
    throw writeFailure(path, cause)
  }
}

/** Whether a path leads to one of the files, links followed. */
export function isAnyOf(path: string, files: readonly string[]): boolean {
  return files.some((file) => sameFile(file, path))
}

function sameFile(a: string, b: string): boolean {
  return statOf(a) !== undefined && statOf(b) !== undefined && realpathSync(a) === realpathSync(b)
}
