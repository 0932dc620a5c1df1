import type {Effects} from '../../effects.js'
import {UnsupportedError, UsageError} from '../../errors.js'
import {specsOf} from '../../ops/specs-of.js'
import {patternsOf} from '../../options/patterns.js'
import type {PruneOptions} from '../../options/prune.js'
import {findGroups} from '../../passes/groups/find-groups.js'
import {type Resizing, resizeGroups} from '../../passes/groups/resize-groups.js'
import type {PassReport, Skip} from '../../passes/pass.js'
import {parameterCount, requireFloats} from '../../passes/prune/plan-pruning.js'
import {LEAST_STEP} from '../../passes/prune/removal/kept-units.js'
import {
  type Candidate,
  type Candidates,
  type RemovalOptions,
  removalCandidates,
  removalForTarget,
  uniformRemoval,
} from '../../passes/prune/removal/plan-removal.js'
import {costPrediction} from '../../passes/prune/removal/removal-cost.js'
import {scoreByNorm} from '../../passes/prune/removal/score-units.js'
import {unmatchedPatterns} from '../../passes/unmatched-patterns.js'
import type {PruneResult} from '../../results.js'
import {type OpenWork, openWork} from '../transform/open-work.js'
import {proveAndWrite, type TransformResult} from '../transform/prove-and-write.js'
import {groupFacts} from './group-facts.js'
import {nodeMacs} from './node-macs.js'
import {prepareGroups} from './prepare-groups.js'
import {parseTarget} from './removal-target.js'

export type PruneFacts = Pick<PruneResult, 'sparsity' | 'asked' | 'parameters' | 'groups' | 'removed' | 'training'>

/** What to try when what went costs too much. */
const REMEDY = 'try a lower --sparsity, or win it back: mopt finetune with --teacher, the dense model'

/**
 * Removes whole channels, units or heads: the file gets smaller and the model does less. What went is in the file's record.
 *
 * @throws UnsupportedError when nothing can go; UsageError for options that do not go together.
 */
export async function removeUnits(
  path: string,
  options: PruneOptions,
  effects: Effects,
): Promise<TransformResult<PruneFacts>> {
  requireSense(options)
  const work = await openWork(path, {command: 'prune', suffix: 'pruned'}, options, effects)
  try {
    const {model, file} = work
    requireFloats(model)
    const before = parameterCount(model)
    const unmatched = unmatchedPatterns(model.graph, removalOptions(options))
    await prepareGroups(model, file.path, effects)
    const {candidates, skipped} = await candidatesOf(work, options)
    if (candidates.length === 0) throw nothingToRemove(skipped, options)
    const resizings = await chooseUnits(work, candidates, options)
    const removed = removedFacts(candidates, resizings)
    resizeGroups(resizings)
    const report = reportOf(candidates, resizings, skipped)
    const facts = factsOf(candidates, resizings, options)
    return await proveAndWrite(work, {
      ...{report, warnings: unmatched, remedy: REMEDY, chosen: {removed}},
      facts: {...facts, parameters: {before, after: parameterCount(model)}, removed},
    })
  } finally {
    work.file.close()
  }
}

/** @throws UsageError for a training, which the removed model gets from another verb, and for widths that are slow. */
function requireSense({prune: {structure, roundTo}, training}: PruneOptions): void {
  if (roundTo % LEAST_STEP !== 0) {
    throw new UsageError(
      `--round-to: expected a multiple of ${LEAST_STEP}, got ${roundTo}: other widths leave the fast kernels`,
    )
  }
  if (training.epochs === 0) return
  throw new UsageError(`--epochs: expected --structure none with it, got --structure ${structure}`, {
    hint: 'Remove first, then train what is left: mopt finetune PRUNED --teacher MODEL --data FILE',
  })
}

function removalOptions({prune}: PruneOptions): RemovalOptions {
  const {exclude, include, roundTo, structure} = prune
  const kind = structure === 'head' ? 'head' : 'channel'
  return {structure: kind, exclude: patternsOf(exclude), include: patternsOf(include), roundTo}
}

function candidatesOf({model}: OpenWork, options: PruneOptions): Promise<Candidates> {
  const specOf = specsOf(model)
  const groups = findGroups(model.graph, specOf)
  return removalCandidates(groups, specOf, removalOptions(options), (ties) => scoreByNorm(specOf, ties))
}

/** @throws UnsupportedError where a target in MACs is wanted and they cannot be told. */
async function chooseUnits(
  {model, file}: OpenWork,
  candidates: readonly Candidate[],
  {prune: {sparsity, target}, run}: PruneOptions,
): Promise<Resizing[]> {
  if (target === undefined) return uniformRemoval(candidates, sparsity)
  const predict = costPrediction(model.graph, specsOf(model), await nodeMacs(file.path, run))
  const chosen = removalForTarget(predict, candidates, parseTarget(target))
  if (chosen) return chosen
  throw new UnsupportedError(
    `--target ${target}: expected sizes that tell the multiply-accumulates, got unknown ones`,
    {
      hint: 'Give the sizes of the inputs with --input-shape or --dim, or use --sparsity',
    },
  )
}

function removedFacts(candidates: readonly Candidate[], resizings: readonly Resizing[]): PruneResult['removed'] {
  return resizings.map(({group, kept}) => {
    const weights = candidates.find((candidate) => candidate.group === group)?.weights ?? []
    return {...groupFacts(group, weights), size: group.size, kept: [...kept]}
  })
}

function reportOf(
  candidates: readonly Candidate[],
  resizings: readonly Resizing[],
  skipped: readonly Skip[],
): PassReport {
  const changed = resizings.map(({group, kept}) => {
    const {name, op} = candidates.find((candidate) => candidate.group === group) as Candidate
    const count = group.size - kept.length
    return {rule: 'remove-units', node: name, op, from: `${group.size}`, to: `${kept.length}`, count}
  })
  return {changed, skipped: [...skipped]}
}

/** Shares are of units, those of groups that cannot get smaller by a whole step counted. */
function factsOf(
  candidates: readonly Candidate[],
  resizings: readonly Resizing[],
  {prune: {sparsity}}: PruneOptions,
): Omit<PruneFacts, 'parameters' | 'removed'> {
  const units = candidates.reduce((sum, {group}) => sum + group.size, 0)
  const gone = resizings.reduce((sum, {group, kept}) => sum + group.size - kept.length, 0)
  return {sparsity: gone / units, asked: {sparsity, sparsityBefore: 0}, groups: [], training: null}
}

function nothingToRemove([first]: readonly Skip[], {prune: {structure}}: PruneOptions): UnsupportedError {
  const what = structure === 'head' ? 'heads of attention' : 'channels'
  const reason = first ? `${first.op} '${first.node}': ${first.reason}` : `it has no ${what} that its weights make`
  return new UnsupportedError(`nothing to remove: ${reason}`, {
    hint: 'See what belongs together, and what keeps it whole: mopt prune MODEL --groups',
  })
}
