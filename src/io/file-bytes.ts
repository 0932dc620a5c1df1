import {closeSync, openSync, readSync, statSync} from 'node:fs'
import {FileError} from '../errors.js'
import type {ByteSpan} from '../proto/byte-span.js'
import {readFailure} from './file-errors.js'

/** Pieces of this size are copied from file to file: large enough for the disk, small beside the process. */
const SLICE_BYTES = 8 * 2 ** 20

/** A file opened for reads at given places. The descriptor is opened at the first read and kept until `close`. */
export class FileBytes {
  readonly sizeBytes: number
  #descriptor: number | undefined

  /** @throws FileError when there is no such regular file. */
  constructor(readonly path: string) {
    this.sizeBytes = this.#attempt(() => {
      // before opening: opening a pipe would wait for a writer
      const stat = statSync(path)
      if (stat.isDirectory())
        throw new FileError(`${path}: expected a file, but it is a folder`, {hint: 'Name the file'})
      if (!stat.isFile()) throw new FileError(`${path}: expected a regular file, but it is a device or a pipe`)
      return stat.size
    })
  }

  /** Fills `target` with what stands at `position`. @throws FileError when the file became shorter. */
  readInto(target: Uint8Array, position: number): void {
    this.#attempt(() => {
      for (let done = 0; done < target.length; ) {
        const length = Math.min(target.length - done, SLICE_BYTES)
        const count = readSync(this.#open(), target, done, length, position + done)
        if (count === 0) throw new FileError(`${this.path}: changed while it was read`, {hint: 'Run the command again'})
        done += count
      }
    })
  }

  /** A range to read later; the range must lie in the file. */
  span(start: number, byteLength: number): ByteSpan {
    const read = (): Uint8Array => {
      const bytes = Buffer.allocUnsafeSlow(byteLength)
      this.readInto(bytes, start)
      return bytes
    }
    return {byteLength, read, slices: () => this.#slices(start, byteLength)}
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor)
    this.#descriptor = undefined
  }

  *#slices(start: number, byteLength: number): Iterable<Uint8Array> {
    const slice = Buffer.allocUnsafeSlow(Math.min(byteLength, SLICE_BYTES))
    for (let done = 0; done < byteLength; ) {
      const piece = slice.subarray(0, Math.min(slice.length, byteLength - done))
      this.readInto(piece, start + done)
      done += piece.length
      yield piece
    }
  }

  #open(): number {
    this.#descriptor ??= openSync(this.path, 'r')
    return this.#descriptor
  }

  #attempt<T>(action: () => T): T {
    try {
      return action()
    } catch (cause) {
      this.close()
      throw readFailure(this.path, cause)
    }
  }
}
