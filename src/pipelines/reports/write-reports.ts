import {rename, rm, stat, writeFile} from 'node:fs/promises'
import {dirname, extname} from 'node:path'
import {FileError, UsageError} from '../../errors.js'
import type {Report} from '../../report/document.js'
import {FORMATS, type ReportFile} from '../../report/formats.js'

/**
 * Fails before minutes of measuring, not after.
 *
 * @param hasPictures whether the report will have any: then it can be one.
 * @throws UsageError for another ending, FileError for a missing folder.
 */
export async function checkReports(paths: readonly string[], {hasPictures = false} = {}): Promise<void> {
  const endings = FORMATS.filter(({isPicture}) => hasPictures || !isPicture).map(({ending}) => ending)
  for (const path of paths) {
    if (!endings.some((ending) => ending === extname(path))) {
      const message = `--report ${path}: expected a name that ends with ${endings.join(' or ')}`
      throw new UsageError(message, {hint: 'for example --report report.md'})
    }
    const folder = await stat(dirname(path)).catch(() => undefined)
    if (!folder?.isDirectory())
      throw new FileError(`--report ${path}: there is no folder '${dirname(path)}'`, {hint: 'create it first'})
  }
}

/** Writes every report, replacing an older one; pictures go beside it. @throws FileError when one cannot be written. */
export async function writeReports(paths: readonly string[], report: Report): Promise<void> {
  for (const path of paths) {
    const format = FORMATS.find(({ending}) => ending === extname(path))
    for (const file of format?.files(report, path) ?? []) await writeReport(file)
  }
}

/** Whole or not at all: a temporary name first. @throws FileError when it cannot be written. */
async function writeReport({path, text}: ReportFile): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`
  try {
    await writeFile(temporary, text)
    await rename(temporary, path)
  } catch (cause) {
    await rm(temporary, {force: true})
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new FileError(`--report ${path}: expected a file that can be written, got: ${reason}`, {cause})
  }
}
