import {mkdtemp, rm} from 'node:fs/promises'
import {join} from 'node:path'
import type {DataSpec} from '../../data/dataset.js'
import {writeScratch} from '../../io/write-variant.js'
import {copyModel} from '../../ir/copy-model.js'
import type {Model} from '../../ir/model.js'
import {classDivergence} from '../../judge/class-divergence.js'
import {judgeOutputs} from '../../judge/judge-outputs.js'
import type {WantedKinds} from '../../judge/wanted-kinds.js'
import type {Group} from '../../passes/groups/group.js'
import {type Resizing, resizeGroups} from '../../passes/groups/resize-groups.js'
import type {Curve} from '../../passes/prune/removal/allocate.js'
import {keptUnits} from '../../passes/prune/removal/kept-units.js'
import {productsToRefit} from '../../passes/prune/repair/to-refit.js'
import type {Fidelity} from '../../results.js'
import {type RepairOptions, repair} from './repair.js'

/** A group whose units may go, the least of them first. */
export interface Probed {
  readonly group: Group
  readonly step: number
  readonly scores: Float64Array
}

export interface ProbeOptions extends RepairOptions {
  /** The model as a file. */
  readonly reference: string
  /** Samples that answers are compared on: others than those that the repair learns from. */
  readonly held: DataSpec
  readonly wanted: WantedKinds
  /** For files, removed by the caller. */
  readonly folder: string
}

/** Shares of a group's units at which it is looked at. */
const SHARES = [0.25, 0.5, 0.75]

/**
 * What each group alone costs the answers at some widths, repaired: the KL divergence of classes, or noise ÷ signal of the worst output.
 *
 * @param dense with types and constants apart, in which the groups were found; not modified.
 * @param find the same groups in a copy of the dense model, in the same order.
 */
export async function probeGroups(
  dense: Model,
  probed: readonly Probed[],
  find: (copy: Model) => readonly Group[],
  options: ProbeOptions,
): Promise<Curve[]> {
  const curves: Curve[] = []
  for (const [index, {group, step, scores}] of probed.entries()) {
    const points: [number, number][] = []
    for (const gone of widths(group.size, step)) {
      options.effects.signal.throwIfAborted()
      options.effects.progress('measuring groups', index, probed.length)
      const copy = copyModel(dense)
      const own = find(copy)[index] as Group
      const resizing = {group: own, kept: keptUnits(scores, group.size - gone)}
      points.push([gone, await errorOf(dense, copy, [resizing], options)])
    }
    curves.push({size: group.size, step, points})
  }
  return curves
}

/** Whole steps near the shares, each once. */
function widths(size: number, step: number): number[] {
  const near = SHARES.map((share) => Math.max(step, Math.round((share * size) / step) * step))
  return [...new Set(near)].filter((gone) => gone < size)
}

/** What some resizings of a copy cost the answers, repaired: the divergence of classes, or noise ÷ signal. Changes the copy. */
export async function errorOf(
  dense: Model,
  copy: Model,
  resizings: readonly Resizing[],
  options: ProbeOptions,
): Promise<number> {
  const {reference, held, wanted, folder, settings, effects} = options
  const products = productsToRefit(resizings)
  resizeGroups(resizings)
  await repair(dense, copy, products, {...options, effects: {...effects, progress: () => undefined}})
  const own = await mkdtemp(join(folder, 'probe-'))
  const path = join(own, 'probe.onnx')
  await writeScratch(copy, path, {signal: effects.signal})
  const source = {kind: 'data', spec: held} as const
  const judging = {source, batch: 1, wanted, against: 'input', signal: effects.signal} as const
  const {fidelity} = await judgeOutputs(reference, path, settings, judging)
  await rm(own, {recursive: true})
  return divergenceIn(fidelity)
}

/** The divergence of classes; where not all outputs have some, noise ÷ signal of the worst. */
function divergenceIn(fidelity: Fidelity): number {
  const noise = fidelity.outputs.map(({sqnrDb}) => (sqnrDb === null ? 0 : 10 ** (-sqnrDb / 10)))
  return classDivergence(fidelity)?.kl ?? Math.max(0, ...noise)
}
