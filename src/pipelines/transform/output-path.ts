import {statSync} from 'node:fs'
import {basename, dirname, extname, join, sep} from 'node:path'

/**
 * Where a verb writes: `--output FILE`, or `<stem>.<suffix>.onnx` in `--output FOLDER/`, else beside the input.
 *
 * @param suffix what the verb did: `int8`, `pruned`.
 */
export function outputPath(input: string, suffix: string, output: string | undefined): string {
  const name = `${basename(input, extname(input))}.${suffix}.onnx`
  if (output === undefined) return join(dirname(input), name)
  return isFolder(output) ? join(output, name) : output
}

/** Whether a path names a folder: one that is there, or one that ends with a slash. */
export function isFolder(path: string): boolean {
  if (path.endsWith('/') || path.endsWith(sep)) return true
  return statSync(path, {throwIfNoEntry: false})?.isDirectory() ?? false
}
