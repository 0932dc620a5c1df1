import {rename, rm, stat, writeFile} from 'node:fs/promises'
import {dirname, extname} from 'node:path'
import {FileError, UsageError} from '../../errors.js'
import {jsonReport} from '../../report/json.js'
import {markdownReport} from '../../report/markdown.js'
import type {BenchResult} from '../../results.js'

const FORMATS: Readonly<Record<string, (result: BenchResult) => string>> = {
  '.md': markdownReport,
  '.json': jsonReport,
}

/** Fails before minutes of measuring, not after. @throws UsageError for another ending, FileError for a missing folder. */
export async function checkReports(
  paths: readonly string[],
  endings: readonly string[] = Object.keys(FORMATS),
): Promise<void> {
  for (const path of paths) {
    if (!endings.includes(extname(path))) {
      const message = `--report ${path}: expected a name that ends with ${endings.join(' or ')}`
      throw new UsageError(message, {hint: 'for example --report report.md'})
    }
    const folder = await stat(dirname(path)).catch(() => undefined)
    if (!folder?.isDirectory())
      throw new FileError(`--report ${path}: there is no folder '${dirname(path)}'`, {hint: 'create it first'})
  }
}

/** Writes every report, replacing an older one. @throws FileError when one cannot be written. */
export async function writeReports(paths: readonly string[], result: BenchResult): Promise<void> {
  for (const path of paths) await writeReport(path, FORMATS[extname(path)]?.(result) ?? '')
}

/** Whole or not at all: a temporary name first. @throws FileError when it cannot be written. */
export async function writeReport(path: string, text: string): Promise<void> {
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
