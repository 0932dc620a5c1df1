import {findLabelsBeside} from '../../data/samples/labels.js'
import type {OpenedModel} from '../../io/open-model.js'
import {type FileRecord, recordOf} from '../../provenance/record.js'
import type {OpenWork} from './open-work.js'

/** How the file is made that the work will write. */
export async function recordOfWork(
  {command, file, options}: Pick<OpenWork, 'command' | 'file' | 'options'>,
  teacher: OpenedModel | undefined,
): Promise<FileRecord> {
  const {samples, labels, eval: judged, evalLabels} = options.data
  return recordOf({
    ...{command, start: file, teacher, options},
    data: await withLabels(samples, labels),
    eval: await withLabels(judged, evalLabels),
  })
}

async function withLabels(path: string | undefined, labels: string | undefined): Promise<string[]> {
  if (path === undefined) return []
  const beside = labels ?? (await findLabelsBeside(path))
  return beside === undefined ? [path] : [path, beside]
}
