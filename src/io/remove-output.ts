import {rmSync} from 'node:fs'
import {dataPathOf} from './check-output.js'

/** Removes a model that was written and turned out wrong, with its data file. */
export function removeOutput(path: string): void {
  for (const file of [path, dataPathOf(path)]) rmSync(file, {force: true})
}
