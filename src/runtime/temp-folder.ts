import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

const folders = new Set<string>()

/** Runs work with a fresh temporary folder, which is gone afterwards, however the work or this process ends. */
export async function withTempFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'mopt-'))
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
