import {performance} from 'node:perf_hooks'
import type {Effects} from '../../effects.js'
import {openModel} from '../../io/open-model.js'
import {encodedSize} from '../../io/write-model.js'
import type {TransformOptions} from '../../options/common.js'
import {withRecord} from '../../provenance/record.js'
import {type Opened, prepare, type Verb} from '../transform/open-work.js'
import {outputPath} from '../transform/output-path.js'
import {type Changed, document, type TransformResult} from '../transform/prove-and-write.js'
import {recordOfWork} from '../transform/record-of-work.js'

/** Nothing is written and nothing is run: what would change, and how large the file would be. */
export async function preview<T extends object>(
  path: string,
  {command, suffix, open}: Verb,
  options: TransformOptions,
  effects: Effects,
  change: (opened: Opened) => Promise<Changed<T>>,
): Promise<TransformResult<T>> {
  const started = performance.now()
  effects.progress('reading', 0, 0)
  const file = await openModel(path, open)
  try {
    const opened = await prepare(file, options)
    const changed = await change(opened)
    const {model} = opened
    const record = await recordOfWork({...opened, command, options}, undefined)
    model.metadata = withRecord(model.metadata, record)
    const output = {path: outputPath(path, suffix, options.output.path), sizeBytes: encodedSize(model)}
    const unproved = {fidelity: null, timing: null, metric: null, budget: null, warnings: [], peakRssBytes: 0}
    const origin = {...opened, command, started, input: {path, sizeBytes: file.sizeBytes}}
    return {...changed.facts, ...document(origin, changed, {output, ...unproved})}
  } finally {
    file.close()
  }
}
