import type {Effects} from '../../effects.js'
import {UsageError} from '../../errors.js'
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
import {measuringFlag, type PruneFacts, removeUnits} from './remove.js'

/** Zeroes the smallest weights of a model or removes channels or heads, writes it, and proves with ONNX Runtime what that did. */
export async function prune(path: string, options: PruneOptions, effects: Effects): Promise<PruneResult> {
  const result = await change(path, options, effects)
  const before = (await macsOfFile(path, options.run)) ?? null
  // of single weights every product is still computed
  const after = result.removed === null ? before : ((await macsOfFile(result.output.path, options.run)) ?? null)
  return {...result, macs: {before, after}, compressedBytes: await compressedSizes(result)}
}

function change(path: string, options: PruneOptions, effects: Effects): Promise<TransformResult<PruneFacts>> {
  const {structure, target} = options.prune
  if (structure !== 'none') return removeUnits(path, options, effects)
  const needing = measuringFlag(options.prune)
  if (needing !== undefined) {
    throw new UsageError(`${needing}: expected --structure channel or head with it, got none`)
  }
  if (target !== undefined) {
    throw new UsageError(
      `--target: expected --structure channel or head with it, got none: zeros save neither MACs nor bytes`,
    )
  }
  return options.training.epochs > 0 ? pruneTrained(path, options, effects) : zero(path, options, effects)
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
    const facts = {...pruning.facts(), removed: null, criterion: null, repair: null, training: null}
    return await proveAndWrite(work, {report, facts, warnings: pruning.warnings(), remedy: REMEDY})
  } finally {
    work.file.close()
  }
}
