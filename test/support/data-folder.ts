import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {type ZipMember, zipOf} from './zip-writer.js'

/** A temporary folder for the files of one test file: `after(() => folder.remove())`. */
export class DataFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'mopt-data-'))

  write(name: string, bytes: Uint8Array | string): string {
    const file = join(this.path, name)
    writeFileSync(file, bytes)
    return file
  }

  /** An .npz of arrays given as .npy bytes. */
  npz(name: string, arrays: Record<string, Uint8Array>, options: Partial<ZipMember> & {zip64?: boolean} = {}): string {
    const members = Object.entries(arrays).map(([array, bytes]) => ({...options, name: `${array}.npy`, bytes}))
    return this.write(name, zipOf(members, options))
  }

  remove(): void {
    rmSync(this.path, {recursive: true, force: true})
  }
}
