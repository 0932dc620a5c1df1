import {InferenceSession} from 'onnxruntime-node'
import {openModel} from '../../src/io/open-model.js'
import {writeModel} from '../../src/io/write-model.js'
import type {TypedArray} from '../../src/ir/dtype.js'
import type {Model} from '../../src/ir/model.js'
import type {Node} from '../../src/ir/node.js'
import {derivedTensor, elementCount, type Tensor} from '../../src/ir/tensor.js'
import {inferModel, macsOf} from '../../src/ops/infer-graph.js'
import {specsOf} from '../../src/ops/specs-of.js'
import {findGroups} from '../../src/passes/groups/find-groups.js'
import type {GroupMember} from '../../src/passes/groups/group.js'
import {type TiesOf, tiesOf} from '../../src/passes/groups/node-ties.js'
import {type Resizing, resizeGroups} from '../../src/passes/groups/resize-groups.js'
import {type RemovalOptions, removalCandidates, uniformRemoval} from '../../src/passes/prune/removal/plan-removal.js'
import {costPrediction} from '../../src/passes/prune/removal/removal-cost.js'
import {scoreByNorm} from '../../src/passes/prune/removal/score-units.js'
import {prepareGroups} from '../../src/pipelines/prune/prepare-groups.js'
import {type Feeds, maxDifference} from './pass-trial.js'
import {SILENT} from './pipeline-options.js'
import type {Results} from './run-graph.js'

export interface Trial extends Pick<RemovalOptions, 'structure'> {
  readonly sparsity: number
  /** Sizes of free inputs, for MACs and for the walk alike. */
  readonly inputShapes?: Readonly<Record<string, readonly number[]>>
  readonly include?: readonly RegExp[]
  readonly roundTo?: number
  /** Zero what reads the units too: for nets in which a channel of zeros does not stay zero, as behind `x · s + b` with one b for all. */
  readonly readersToo?: boolean
}

/** A model file with units of its groups removed, and beside it one where what makes those units was zeroed instead. */
export interface TriedRemoval {
  /** Units that went, of how many. */
  readonly removed: number
  readonly units: number
  readonly macs: {readonly before: number; readonly predicted: number | undefined; readonly after: number | undefined}
  /** Largest difference between the outputs of the two files, and the largest output. */
  readonly error: number
  readonly peak: number
  readonly finite: boolean
}

/**
 * Removes the same share of every group of a model file, writes it, and runs it in ONNX Runtime beside the dense file in which the producers of
 * the units that went are zero: both must say the same.
 *
 * @param folder where the two files go.
 */
export async function tryRemoval(path: string, folder: string, feeds: Feeds, trial: Trial): Promise<TriedRemoval> {
  const zeroed = await planned(path, trial)
  zeroUnits(zeroed.resizings, zeroed.ties, trial.readersToo)
  const expected = await runWritten(zeroed.model, `${folder}/zeroed.onnx`, feeds)
  zeroed.close()
  const {model, resizings, close, specOf} = await planned(path, trial)
  const [before, predicted] = [macsOf(model) ?? Number.NaN, costPrediction(model.graph, specOf)(resizings).macs]
  resizeGroups(resizings)
  const got = await runWritten(model, `${folder}/removed.onnx`, feeds)
  inferModel(model)
  const after = macsOf(model)
  close()
  const count = (one: (resizing: Resizing) => number) => resizings.reduce((sum, resizing) => sum + one(resizing), 0)
  const values = Object.values(got).flatMap(({data}) => Array.from(data as ArrayLike<number>))
  return {
    removed: count(({group, kept}) => group.size - kept.length),
    units: count(({group}) => group.size),
    macs: {before, predicted, after},
    error: maxDifference(expected, got),
    peak: Object.values(expected)
      .flatMap(({data}) => Array.from(data, Number))
      .reduce((largest, value) => Math.max(largest, Math.abs(value)), 0),
    finite: values.every((value) => Number.isFinite(Number(value))),
  }
}

async function planned(path: string, {structure, sparsity, inputShapes = {}, include = [], roundTo = 4}: Trial) {
  const {model, close} = await openModel(path)
  inferModel(model, {inputShapes})
  await prepareGroups(model, path, SILENT)
  const specOf = specsOf(model)
  const options = {structure, exclude: [], include, roundTo}
  const groups = findGroups(model.graph, specOf)
  const {candidates} = await removalCandidates(groups, specOf, options, (ties) => scoreByNorm(specOf, ties))
  return {model, close, specOf, ties: tiesOf(specOf), resizings: uniformRemoval(candidates, sparsity)}
}

/** Zeroes, in every constant that a node makes units with, or in all of the group, those that are going to go. */
export function zeroUnits(resizings: readonly Resizing[], ties: TiesOf, readersToo = false): void {
  for (const {group, kept} of resizings) {
    const stays = new Set(kept)
    for (const member of group.members) {
      const {value} = member
      const made = value.consumers.some((node) => group.nodes.has(node) && makes(node, member, ties))
      if (!value.constant || !(made || readersToo)) continue
      value.graph.setConstant(value, withoutUnits(value.constant, member, stays))
    }
  }
}

function makes(node: Node, {value, axis}: GroupMember, ties: TiesOf): boolean {
  const said = ties(node)
  if (typeof said === 'string' || node.opType === 'Div') return false
  return said.some(
    ({members}) =>
      members.some((one) => one.value === value && one.axis === axis) &&
      members.some((one) => one.value.producer === node),
  )
}

function withoutUnits(tensor: Tensor, {axis, start, units}: GroupMember, stays: ReadonlySet<number>): Tensor {
  const {dtype, shape} = tensor
  return derivedTensor(dtype, shape, () => {
    const data = (tensor.read() as TypedArray).slice() as Float32Array
    const [length, inner] = [shape[axis] as number, elementCount(shape.slice(axis + 1))]
    for (let o = 0; o < elementCount(shape.slice(0, axis)); o++) {
      units.forEach((unit, index) => {
        const first = (o * length + start + index) * inner
        if (unit >= 0 && !stays.has(unit)) data.fill(0, first, first + inner)
      })
    }
    return data
  })
}

async function runWritten(model: Model, path: string, feeds: Feeds): Promise<Results> {
  await writeModel(model, path, {force: true, externalData: 'auto'})
  const session = await InferenceSession.create(path, {logSeverityLevel: 4, intraOpNumThreads: 1})
  const results = await session.run(feeds)
  await session.release()
  return Object.fromEntries(
    Object.entries(results).map(([name, {type, dims, data}]) => [name, {type, dims, data: data as ArrayLike<unknown>}]),
  )
}
