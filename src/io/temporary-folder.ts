import {mkdirSync, rmSync} from 'node:fs'
import {basename, dirname, join} from 'node:path'
import {writeFailure} from './file-errors.js'

const unfinished = new Set<TemporaryFolder>()

/** A killed run leaves nothing behind: Ctrl-C ends in process.exit, which comes through here. */
process.once('exit', () => {
  for (const folder of unfinished) folder.remove()
})

/** A hidden folder beside a file that is to be written: what is in it can be renamed into place. Errors are those of `writeFailure`. */
export class TemporaryFolder {
  readonly path: string

  constructor(target: string) {
    this.path = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`)
    try {
      // what a killed run with the same process id left behind; a link there is removed, never followed
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
