import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import {elementCount, sizeBytes} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import type {SpecOf} from '../../../ops/specs-of.js'
import {sizeOf} from '../../../ops/ties.js'
import type {Resizing} from '../../groups/resize-groups.js'

/** What a model costs. */
export interface ModelCost {
  /** Multiply-accumulates of one run; undefined where sizes are not known. */
  readonly macs: number | undefined
  /** Bytes of all constants. */
  readonly sizeBytes: number
}

/** The cost of a model after groups have been resized, told without doing it. */
export type PredictCost = (resizings: readonly Resizing[]) => ModelCost

/** Multiply-accumulates of a node as it stands; undefined while a size is not known. */
export type MacsOfNode = (node: Node) => number | undefined

/**
 * Linear in what the resizings touch.
 *
 * @param macsOf asked once per node; from the types of the graph itself where absent, which needs numbers for free sizes.
 */
export function costPrediction(
  graph: Graph,
  specOf: SpecOf,
  macsOf: MacsOfNode = (node) => specOf(node)?.macs(node),
): PredictCost {
  const macs = new Map(graph.nodes().map((node) => [node, macsOf(node)]))
  const constants = graph
    .constants()
    .flatMap((value) => (value.constant ? [{value, bytes: sizeBytes(value.constant)}] : []))
  return (resizings) => {
    const lengths = lengthsAfter(resizings)
    const ratioOf = (value: Value | undefined) => (value ? product(lengths.get(value)) : 1)
    let total: number | undefined = 0
    for (const [node, own] of macs) {
      if (own !== 0)
        total =
          total === undefined || own === undefined ? undefined : total + own * nodeRatio(node, specOf, ratioOf, lengths)
    }
    const bytes = constants.reduce((sum, {value, bytes}) => sum + bytes * ratioOf(value), 0)
    return {macs: total === undefined ? undefined : Math.round(total), sizeBytes: Math.round(bytes)}
  }
}

type Ratios = ReadonlyMap<number, number>

/** By value and axis, the share of positions that stays. */
function lengthsAfter(resizings: readonly Resizing[]): ReadonlyMap<Value, Ratios> {
  const lengths = new Map<Value, Map<number, number>>()
  for (const {group, kept} of resizings) {
    const stays = new Set(kept)
    for (const {value, axis, units} of group.members) {
      const gone = units.reduce((count, unit) => count + Number(unit >= 0 && !stays.has(unit)), 0)
      const ratios = lengths.get(value) ?? new Map<number, number>()
      lengths.set(value, ratios.set(axis, (ratios.get(axis) ?? 1) - gone / (sizeOf(value, axis) ?? 1)))
    }
  }
  return lengths
}

function product(ratios: Ratios | undefined): number {
  return [...(ratios?.values() ?? [])].reduce((all, ratio) => all * ratio, 1)
}

/** Products go with the elements of the weights; without any, with the outputs and the last axis of input 0, as in attention. */
function nodeRatio(
  node: Node,
  specOf: SpecOf,
  ratioOf: (value: Value | undefined) => number,
  lengths: ReadonlyMap<Value, Ratios>,
): number {
  const weights = (specOf(node)?.parameters.weights ?? []).flatMap((slot) => {
    const value = node.inputs[slot]
    return value?.constant ? [{value, count: elementCount(value.constant.shape)}] : []
  })
  const elements = weights.reduce((sum, {count}) => sum + count, 0)
  if (elements > 0) return weights.reduce((sum, {value, count}) => sum + count * ratioOf(value), 0) / elements
  const [left] = node.inputs
  const inner = left && lengths.get(left)?.get((left.type?.kind === 'tensor' ? (left.type.shape?.length ?? 0) : 0) - 1)
  return ratioOf(node.outputs[0]) * (inner ?? 1)
}
