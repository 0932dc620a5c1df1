import {createHash, type Hash} from 'node:crypto'
import {createReadStream} from 'node:fs'
import {readdir, stat} from 'node:fs/promises'
import {join} from 'node:path'
import {readFailure} from './file-errors.js'

/**
 * SHA-256 of files behind each other, as hexadecimal digits. Streams.
 *
 * @param paths a model file, then its data files: what `inspect --full` prints.
 * @throws FileError when one cannot be read.
 */
export async function digestFiles(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const path of paths) await addFile(hash, path)
  return hash.digest('hex')
}

/** SHA-256 of a file, or of a folder: of the names in it, in order, each followed by its own digest. */
export async function digestPath(path: string): Promise<string> {
  if (!(await stat(path)).isDirectory()) return digestFiles([path])
  const hash = createHash('sha256')
  for (const name of (await readdir(path)).sort()) hash.update(`${name}\0${await digestPath(join(path, name))}\n`)
  return hash.digest('hex')
}

async function addFile(hash: Hash, path: string): Promise<void> {
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  } catch (cause) {
    throw readFailure(path, cause)
  }
}
