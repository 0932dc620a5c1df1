import {basename, extname} from 'node:path'
import {jsonReport} from '../../report/json.js'
import {trainingPicture, trainingReport} from '../../report/training-report.js'
import type {TrainingResult} from '../../results.js'
import {checkReports, writeReport} from '../reports/write-reports.js'
import {commandLine} from '../transform/command-line.js'

const ENDINGS = ['.md', '.svg', '.json']

/** Fails before hours of training, not after. @throws UsageError for another ending, FileError for a missing folder. */
export async function checkTrainingReports(paths: readonly string[]): Promise<void> {
  await checkReports(paths, ENDINGS)
}

/**
 * Writes every report, replacing an older one; beside Markdown goes its picture, under the same name.
 *
 * @param argv the arguments of the command.
 * @throws FileError when one cannot be written.
 */
export async function writeTrainingReports(
  paths: readonly string[],
  result: TrainingResult,
  argv: readonly string[],
): Promise<void> {
  for (const path of paths) {
    const ending = extname(path)
    const picture = `${path.slice(0, -ending.length)}.svg`
    if (ending === '.json') await writeReport(path, jsonReport(result))
    else await writeReport(picture, trainingPicture(result))
    if (ending !== '.md') continue
    await writeReport(path, trainingReport(result, {commandLine: commandLine(argv), picture: basename(picture)}))
  }
}
