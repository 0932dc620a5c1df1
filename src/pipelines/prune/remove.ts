import type {Effects} from '../../effects.js'
import {UnsupportedError, UsageError} from '../../errors.js'
import {withTempFolder} from '../../io/with-temp-folder.js'
import {specsOf} from '../../ops/specs-of.js'
import {patternsOf} from '../../options/patterns.js'
import type {PruneOptions} from '../../options/prune.js'
import {findGroups} from '../../passes/groups/find-groups.js'
import type {Group} from '../../passes/groups/group.js'
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
import {productsToRefit} from '../../passes/prune/repair/to-refit.js'
import {readersOf, wandaScores} from '../../passes/prune/score/wanda.js'
import {unmatchedPatterns} from '../../passes/unmatched-patterns.js'
import type {PruneResult} from '../../results.js'
import {type OpenWork, openWork} from '../transform/open-work.js'
import {proveAndWrite, type TransformResult} from '../transform/prove-and-write.js'
import {groupFacts} from './group-facts.js'
import {nodeMacs} from './node-macs.js'
import {prepareGroups} from './prepare-groups.js'
import {cheapestRemoval, energiesOf, openRemovalStudio, type RemovalStudio, repairRemoved} from './removal-studio.js'
import {parseTarget} from './removal-target.js'

export type PruneFacts = Pick<
  PruneResult,
  'sparsity' | 'asked' | 'parameters' | 'groups' | 'removed' | 'criterion' | 'repair' | 'training'
>

/** What to try when what went costs too much. */
const REMEDY =
  'try a lower --sparsity, give samples with --data for a repair, or win it back: mopt finetune with --teacher, the dense model'

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
    return await withTempFolder(async (folder) => {
      const studio = await openRemovalStudio(work, options, effects, folder)
      const groups = findGroups(model.graph, specsOf(model))
      const {candidates, skipped, criterion} = await candidatesOf(work, groups, studio, options)
      if (candidates.length === 0) throw nothingToRemove(skipped, options)
      const resizings = await chooseUnits(work, groups, candidates, studio, options)
      const removed = removedFacts(candidates, resizings)
      const products = productsToRefit(resizings)
      resizeGroups(resizings)
      const isRepaired = studio !== undefined && options.prune.repair !== 'none' && products.length > 0
      const peakRssBytes = isRepaired ? await repairRemoved(studio, model, products) : 0
      const report = reportOf(candidates, resizings, skipped)
      const facts = factsOf(candidates, resizings, options)
      const how = {criterion, repair: isRepaired ? ('least-squares' as const) : ('none' as const)}
      return proveAndWrite(work, {
        ...{report, warnings: unmatched, remedy: REMEDY, chosen: {removed, ...how}, peakRssBytes},
        facts: {...facts, ...how, parameters: {before, after: parameterCount(model)}, removed},
      })
    })
  } finally {
    work.file.close()
  }
}

/** The flag that asks for what samples and a removal give; undefined where none does. */
export function measuringFlag({
  criterion,
  repair,
}: Pick<PruneOptions['prune'], 'criterion' | 'repair'>): string | undefined {
  if (criterion === 'wanda') return '--criterion wanda'
  return repair === 'least-squares' ? '--repair least-squares' : undefined
}

/** @throws UsageError for a training, which the removed model gets from another verb, and for widths that are slow. */
function requireSense({prune: {structure, roundTo, criterion, repair}, data, training}: PruneOptions): void {
  const needing = measuringFlag({criterion, repair})
  if (needing !== undefined && data.samples === undefined) {
    throw new UsageError(`${needing}: expected samples to measure on, got none`, {
      hint: 'Add --data FILE; labels are not needed',
    })
  }
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

/** Scored by what samples make of the units, where there are some, else by the sizes of weights. */
async function candidatesOf(
  {model}: OpenWork,
  groups: readonly Group[],
  studio: RemovalStudio | undefined,
  options: PruneOptions,
): Promise<Candidates & Pick<PruneFacts, 'criterion'>> {
  const specOf = specsOf(model)
  const criterion = options.prune.criterion ?? (studio ? 'wanda' : 'magnitude')
  if (criterion === 'magnitude' || !studio) {
    const found = await removalCandidates(groups, specOf, removalOptions(options), (ties) => scoreByNorm(specOf, ties))
    return {...found, criterion: 'magnitude'}
  }
  const energies = await energiesOf(studio, groups)
  const found = await removalCandidates(groups, specOf, removalOptions(options), (ties) => {
    const byNorm = scoreByNorm(specOf, ties)
    // a group that no product reads
    return (group) => (readersOf(group).length > 0 ? wandaScores(group, energies) : byNorm(group))
  })
  return {...found, criterion}
}

/** @throws UnsupportedError where a target in MACs is wanted and they cannot be told. */
async function chooseUnits(
  {model, file}: OpenWork,
  groups: readonly Group[],
  candidates: readonly Candidate[],
  studio: RemovalStudio | undefined,
  {prune: {sparsity, target, scope}, run}: PruneOptions,
): Promise<readonly Resizing[]> {
  const wanted = target === undefined ? undefined : parseTarget(target)
  const predict = wanted && costPrediction(model.graph, specsOf(model), await nodeMacs(file.path, run))
  const even = predict ? removalForTarget(predict, candidates, wanted) : uniformRemoval(candidates, sparsity)
  if (!even) throw unknownMacs(target)
  if (!studio || scope !== 'global') return even
  const units = candidates.reduce((sum, {group}) => sum + group.size, 0)
  const costOf = (resizings: readonly Resizing[]): number => {
    if (!predict) return units - resizings.reduce((sum, {group, kept}) => sum + group.size - kept.length, 0)
    const {macs, sizeBytes} = predict(resizings)
    return wanted.of === 'macs' ? (macs ?? 0) : sizeBytes
  }
  // steps are whole: the even plan is what a target can be held to
  const least = costOf([]) * (wanted?.share ?? 1 - sparsity)
  return cheapestRemoval(studio, groups, candidates, even, {costOf, target: Math.max(least, wanted ? 0 : costOf(even))})
}

function unknownMacs(target: string | undefined): UnsupportedError {
  return new UnsupportedError(
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
): Omit<PruneFacts, 'parameters' | 'removed' | 'criterion' | 'repair'> {
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
