import {closeSync, openSync, renameSync, rmSync, writeSync} from 'node:fs'
import {basename, join} from 'node:path'
import {writeFailure} from './file-errors.js'

const unfinished = new Set<TemporaryFile>()

/** A killed run leaves nothing behind: Ctrl-C ends in process.exit, which comes through here. */
process.once('exit', () => {
  for (const file of unfinished) file.discard()
})

/** A file that appears under its name only when it is complete. Errors are those of `writeFailure`. */
export class TemporaryFile {
  /** Where it is until it is published. */
  readonly temporaryPath: string
  readonly #descriptor: number
  #open = true

  /** @param folder where the file grows, on the same disk; under its own name there, so that it can be tried before it is published. */
  constructor(
    readonly path: string,
    folder: string,
  ) {
    this.temporaryPath = join(folder, basename(path))
    this.#descriptor = this.#attempt(() => {
      // what a killed run with the same process id left behind; a link there is removed, never followed
      rmSync(this.temporaryPath, {force: true})
      return openSync(this.temporaryPath, 'wx')
    })
    unfinished.add(this)
  }

  write(bytes: Uint8Array): void {
    this.#attempt(() => {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#descriptor, bytes, done)
    })
  }

  /** Ends the writing; the file still has its temporary name. */
  close(): void {
    if (this.#open) closeSync(this.#descriptor)
    this.#open = false
  }

  /** Gives the file its name, in place of whatever had it. */
  publish(): void {
    this.close()
    this.#attempt(() => renameSync(this.temporaryPath, this.path))
    unfinished.delete(this)
  }

  /** Removes what was written so far. Does nothing after `publish`. */
  discard(): void {
    if (!unfinished.delete(this)) return
    this.close()
    rmSync(this.temporaryPath, {force: true})
  }

  #attempt<T>(action: () => T): T {
    try {
      return action()
    } catch (cause) {
      throw writeFailure(this.path, cause)
    }
  }
}
