import {mkdirSync, rmSync} from 'node:fs'
import {basename, dirname, join} from 'node:path'
import {writeFailure} from './file-errors.js'
import {processMark} from './process-mark.js'
import {removeAbandoned} from './remove-abandoned.js'

const unfinished = new Set<TemporaryFolder>()

/** A killed run leaves nothing behind: Ctrl-C ends in process.exit, which comes through here. */
process.once('exit', () => {
  for (const folder of unfinished) folder.remove()
})

/**
 * A hidden folder beside a file that is to be written: what is in it can be renamed into place. Those that killed runs left of the same
 * file are removed first. Errors are those of `writeFailure`.
 */
export class TemporaryFolder {
  readonly path: string

  constructor(target: string) {
    const prefix = `.${basename(target)}.`
    removeAbandoned(dirname(target), prefix)
    this.path = join(dirname(target), `${prefix}${processMark()}.tmp`)
    try {
      // a link there is removed, never followed
      rmSync(this.path, {recursive: true, force: true})
      mkdirSync(this.path)
    } catch (cause) {
      throw writeFailure(target, cause)
    }
    unfinished.add(this)
  }

  /** Removes the folder and what is left in it. */
  remove(): void {
    if (unfinished.delete(this)) rmSync(this.path, {recursive: true, force: true})
  }
}
