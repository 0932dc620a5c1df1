import type {Effects} from '../../effects.js'
import {measureFile} from '../../io/measure-file.js'
import {type PruningOptions, planPruning} from '../../passes/prune/plan-pruning.js'
import type {PruneResult} from '../../results.js'
import {macsOfFile} from '../inspect/macs-of-file.js'
import {foldWeights} from '../transform/fold-weights.js'
import {inlineAllFunctions} from '../transform/inline-all-functions.js'
import {type Changed, type Opened, type TransformOptions, transform} from '../transform/transform.js'
import {pruneTrained, type RecoveryOptions} from './prune-trained.js'

export interface PruneOptions extends TransformOptions, PruningOptions {
  /** How the model is trained meanwhile; not at all when absent. */
  readonly recovery?: RecoveryOptions | undefined
}

type PruneFacts = Pick<PruneResult, 'sparsity' | 'asked' | 'parameters' | 'groups' | 'training'>

/** Zeroes the smallest weights of a model, writes it, and proves with ONNX Runtime what that did. */
export async function prune(path: string, options: PruneOptions, effects: Effects): Promise<PruneResult> {
  const {recovery} = options
  const transformation = {
    command: 'prune',
    suffix: 'pruned',
    change: (opened: Opened) => change(opened, options, effects),
  }
  const result = await (recovery
    ? pruneTrained(path, {...options, ...recovery}, effects)
    : transform(path, transformation, options, effects))
  // single weights: every product is still computed
  const macs = (await macsOfFile(path, options)) ?? null
  return {...result, macs: {before: macs, after: macs}, compressedBytes: await compressedSizes(result)}
}

/** Compressing more than this takes seconds and tells nothing new. */
const COMPRESS_LIMIT_BYTES = 256e6

async function compressedSizes({input, output}: Pick<PruneResult, 'input' | 'output'>) {
  if (Math.max(input.sizeBytes, output.sizeBytes) > COMPRESS_LIMIT_BYTES) return null
  const [before, after] = await Promise.all([measureFile(input.path), measureFile(output.path)])
  return {before: before.compressedBytes, after: after.compressedBytes}
}

/** What to try when zeros cost too much. */
const REMEDY = 'try a lower --sparsity, or win it back with --epochs 2 and --data'

async function change({model, file}: Opened, options: PruneOptions, effects: Effects): Promise<Changed<PruneFacts>> {
  await inlineAllFunctions(model, file.path)
  const pruning = planPruning(model, options, await foldWeights(model, file.path, effects))
  const report = await pruning.prune()
  return {report, facts: {...pruning.facts(), training: null}, warnings: pruning.warnings(), remedy: REMEDY}
}
