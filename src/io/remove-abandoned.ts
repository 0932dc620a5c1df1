import {lstatSync, readdirSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {isGone, MARK} from './process-mark.js'

const MARKED = new RegExp(`^(${MARK})[.-]`)

/**
 * Removes the temporary folders of runs that were killed and could not do it themselves. Those of living processes, of other users and
 * of other machines stay. What cannot be read or removed stays too: nothing depends on it.
 *
 * @param folder in which they are.
 * @param prefix of their names, before the mark of their process: `.model.onnx.`
 */
export function removeAbandoned(folder: string, prefix: string): void {
  for (const name of namesIn(folder)) {
    if (!name.startsWith(prefix)) continue
    const mark = MARKED.exec(name.slice(prefix.length))?.[1]
    if (mark !== undefined && isGone(mark)) remove(join(folder, name))
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** Only a folder of this user's: a link is not followed, and not removed. */
function remove(path: string): void {
  try {
    const stat = lstatSync(path)
    if (!stat.isDirectory() || (process.getuid && stat.uid !== process.getuid())) return
    rmSync(path, {recursive: true, force: true})
  } catch {
    // another run was faster, or it is not to be
  }
}
