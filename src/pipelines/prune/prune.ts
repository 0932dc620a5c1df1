import type {Effects} from '../../effects.js'
import {measureFile} from '../../io/measure-file.js'
import type {PruneOptions} from '../../options/prune.js'
import {planPruning} from '../../passes/prune/plan-pruning.js'
import type {PruneResult} from '../../results.js'
import {macsOfFile} from '../inspect/macs-of-file.js'
import {foldWeights} from '../transform/fold-weights.js'
import {inlineAllFunctions} from '../transform/inline-all-functions.js'
import {openWork} from '../transform/open-work.js'
import {proveAndWrite, type TransformResult} from '../transform/prove-and-write.js'
import {pruneTrained, pruningOptions} from './prune-trained.js'

type PruneFacts = Pick<PruneResult, 'sparsity' | 'asked' | 'parameters' | 'groups' | 'training'>

/** Zeroes the smallest weights of a model, writes it, and proves with ONNX Runtime what that did. */
export async function prune(path: string, options: PruneOptions, effects: Effects): Promise<PruneResult> {
  const result =
    options.training.epochs > 0 ? await pruneTrained(path, options, effects) : await zero(path, options, effects)
  // single weights: every product is still computed
  const macs = (await macsOfFile(path, options.run)) ?? null
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

async function zero(path: string, options: PruneOptions, effects: Effects): Promise<TransformResult<PruneFacts>> {
  const work = await openWork(path, {command: 'prune', suffix: 'pruned'}, options, effects)
  try {
    const {model, file} = work
    await inlineAllFunctions(model, file.path)
    const pruning = planPruning(model, pruningOptions(options), await foldWeights(model, file.path, effects))
    const report = await pruning.prune()
    const facts = {...pruning.facts(), training: null}
    return await proveAndWrite(work, {report, facts, warnings: pruning.warnings(), remedy: REMEDY})
  } finally {
    work.file.close()
  }
}
