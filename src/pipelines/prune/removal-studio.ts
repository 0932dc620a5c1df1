import {join} from 'node:path'
import {portsOf} from '../../data/model-ports.js'
import type {Effects} from '../../effects.js'
import {writeScratch} from '../../io/write-variant.js'
import {copyModel} from '../../ir/copy-model.js'
import type {Model} from '../../ir/model.js'
import {specsOf} from '../../ops/specs-of.js'
import type {PruneOptions} from '../../options/prune.js'
import {findGroups} from '../../passes/groups/find-groups.js'
import type {Group} from '../../passes/groups/group.js'
import type {Resizing} from '../../passes/groups/resize-groups.js'
import {allocate, sharpened} from '../../passes/prune/removal/allocate.js'
import {keptUnits} from '../../passes/prune/removal/kept-units.js'
import type {Candidate} from '../../passes/prune/removal/plan-removal.js'
import type {ToRefit} from '../../passes/prune/repair/to-refit.js'
import type {Energies} from '../../passes/prune/score/wanda.js'
import type {OpenWork} from '../transform/open-work.js'
import {channelEnergies} from './channel-energies.js'
import {errorOf, probeGroups} from './probe-groups.js'
import {type RemovalSamples, removalSamples} from './removal-samples.js'
import {repair} from './repair.js'

/** The dense model beside the one that loses units, and samples to choose and repair by. */
export interface RemovalStudio {
  readonly dense: Model
  /** The dense model as a file. */
  readonly reference: string
  readonly samples: RemovalSamples
  readonly options: PruneOptions
  readonly effects: Effects
  readonly folder: string
}

/**
 * @param work its model prepared for groups; what is copied here stays whole.
 * @param folder for files, removed by the caller.
 * @returns undefined without `--data`.
 */
export async function openRemovalStudio(
  {model, data}: OpenWork,
  options: PruneOptions,
  effects: Effects,
  folder: string,
): Promise<RemovalStudio | undefined> {
  if (!data.learn) return undefined
  const dense = copyModel(model)
  const reference = join(folder, 'dense.onnx')
  await writeScratch(dense, reference, {signal: effects.signal})
  const samples = await removalSamples(data.learn, portsOf(model))
  return {dense, reference, samples, options, effects, folder}
}

export function energiesOf(studio: RemovalStudio, groups: readonly Group[]): Promise<Energies> {
  const {reference, samples, effects} = studio
  return channelEnergies(reference, groups, {settings: settingsOf(studio), data: samples.learn, effects})
}

/**
 * What goes of each group so that a cost is reached where it is cheapest. Every group alone is measured at some widths, repaired; from those
 * curves come several plans, and the one that costs the answers least as a whole is taken, the even one among them: errors of groups do not add up.
 *
 * @param groups all of the graph, among which the candidates are.
 * @param even the same share of every group, which reaches the cost.
 * @param costOf what the model costs after some resizings.
 * @param target of the cost.
 */
export async function cheapestRemoval(
  studio: RemovalStudio,
  groups: readonly Group[],
  candidates: readonly Candidate[],
  even: readonly Resizing[],
  {costOf, target}: {readonly costOf: (resizings: readonly Resizing[]) => number; readonly target: number},
): Promise<readonly Resizing[]> {
  const {dense, reference, samples, options, effects, folder} = studio
  const {held, learn, learned} = samples
  if (!held || candidates.length < 2) return even
  const probing = {
    ...{settings: settingsOf(studio), data: learn, samples: learned, seed: options.run.seed, effects},
    ...{reference, held, wanted: options.judge.outputKinds, folder},
  }
  const places = candidates.map(({group}) => groups.indexOf(group))
  const find = (copy: Model) => {
    const found = findGroups(copy.graph, specsOf(copy))
    return places.map((at) => found[at] as Group)
  }
  const curves = await probeGroups(dense, candidates, find, probing)
  const resizingsOf = (gone: readonly number[]): Resizing[] =>
    candidates.flatMap(({group, scores}, i) => {
      return gone[i] ? [{group, kept: keptUnits(scores, group.size - (gone[i] as number))}] : []
    })
  const plans = [even]
  for (const power of POWERS) {
    const plan = resizingsOf(allocate(sharpened(curves, power), (gone) => costOf(resizingsOf(gone)), target))
    if (costOf(plan) <= target) plans.push(plan)
  }
  let best: {plan: readonly Resizing[]; error: number} | undefined
  for (const [index, plan] of plans.entries()) {
    effects.progress('measuring plans', index, plans.length)
    const copy = copyModel(dense)
    const own = find(copy)
    const twin = plan.map(({group, kept}) => ({
      group: own[candidates.findIndex((candidate) => candidate.group === group)] as Group,
      kept,
    }))
    const error = await errorOf(dense, copy, twin, probing)
    if (!best || error < best.error) best = {plan, error}
  }
  return best?.plan ?? even
}

/** How convex the curves of single groups are taken to be. */
const POWERS = [1, 2, 4]

/** Fits what lost inputs to what it computed before. @returns the most memory of a process, bytes. */
export function repairRemoved(studio: RemovalStudio, pruned: Model, products: readonly ToRefit[]): Promise<number> {
  const {dense, samples, options, effects} = studio
  const {learn: data, learned} = samples
  return repair(dense, pruned, products, {
    ...{settings: settingsOf(studio), data, samples: learned, seed: options.run.seed, effects},
  })
}

function settingsOf({options: {run}}: RemovalStudio) {
  const {provider, threads, dims} = run
  return {provider, threads, dims}
}
