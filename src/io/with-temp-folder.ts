import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {processMark} from './process-mark.js'
import {removeAbandoned} from './remove-abandoned.js'

const PREFIX = 'mopt-'

const folders = new Set<string>()

/** Once per process is enough. */
let isTidied = false

/**
 * Runs work with a fresh temporary folder, which is gone afterwards, however the work or this process ends; after SIGKILL the next
 * process that needs one removes it.
 */
export async function withTempFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  if (!isTidied) removeAbandoned(tmpdir(), PREFIX)
  isTidied = true
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${processMark()}-`))
  if (folders.size === 0) process.once('exit', removeAll)
  folders.add(folder)
  try {
    return await work(folder)
  } finally {
    folders.delete(folder)
    if (folders.size === 0) process.off('exit', removeAll)
    rmSync(folder, {recursive: true, force: true})
  }
}

function removeAll(): void {
  for (const folder of folders) rmSync(folder, {recursive: true, force: true})
}
