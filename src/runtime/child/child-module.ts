import {extname} from 'node:path'

/**
 * Where a module lies that a child process imports by its address. The build (`scripts/build.js`) bundles such entries
 * and puts what they share into `src/chunks/shared/`, as deep as this file: the way to an entry is the same from both.
 *
 * @param path below `src/`, without extension: `train/loop/train-task`
 */
export function childModule(path: string): URL {
  return new URL(`../../${path}${extname(import.meta.url)}`, import.meta.url)
}
