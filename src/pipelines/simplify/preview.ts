import {performance} from 'node:perf_hooks'
import type {Effects} from '../../effects.js'
import {openModel} from '../../io/open-model.js'
import {encodedSize} from '../../io/write-model.js'
import {outputPath} from '../transform/output-path.js'
import {
  document,
  prepare,
  type Transformation,
  type TransformOptions,
  type TransformResult,
} from '../transform/transform.js'

/** As `transform`, but nothing is written and nothing is run: what would change, and how large the file would be. */
export async function preview<T extends object>(
  path: string,
  transformation: Transformation<T>,
  options: TransformOptions,
  effects: Effects,
): Promise<TransformResult<T>> {
  const started = performance.now()
  effects.progress('reading', 0, 0)
  const file = await openModel(path, transformation.open)
  try {
    const opened = await prepare(file, options)
    const changed = await transformation.change(opened)
    const input = {path, sizeBytes: file.sizeBytes}
    const target = outputPath(path, transformation.suffix, options.output)
    const output = {path: target, sizeBytes: encodedSize(opened.model)}
    const unproved = {fidelity: null, timing: null, metric: null, budget: null, warnings: [], peakRssBytes: 0}
    const origin = {command: transformation.command, input, started}
    return {...changed.facts, ...document(origin, opened, changed, {output, ...unproved})}
  } finally {
    file.close()
  }
}
