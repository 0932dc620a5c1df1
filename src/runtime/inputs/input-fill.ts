import type {FeedValue} from '../../data/dataset.js'
import {type DType, isFloat} from '../../ir/dtype.js'
import {indexedRows, type Lookup} from '../../ir/indexed-rows.js'
import type {Node} from '../../ir/node.js'
import {onlyNumber} from '../../ir/only-number.js'
import type {Value} from '../../ir/value.js'

/** What stands for real values: normal floats, integers from 0, one value everywhere, or what the user gave. */
export type Fill =
  | {readonly kind: 'normal'}
  | {readonly kind: 'integers'; readonly below: number}
  | {readonly kind: 'constant'; readonly value: number}
  | {readonly kind: 'given'; readonly value: FeedValue}

/** Operators that hand ids on unchanged. */
const CARRIES_IDS: ReadonlySet<string> = new Set([
  ...['Cast', 'Identity', 'Unsqueeze', 'Squeeze', 'Reshape', 'Flatten', 'Transpose', 'Slice', 'Expand', 'Tile'],
  ...['Concat', 'Split', 'If', 'Loop', 'Scan'],
])
/** Operators between a table of weights and the Gather that reads it. */
const CARRIES_TABLE: ReadonlySet<string> = new Set(['DequantizeLinear', 'Cast', 'Identity', 'Mul', 'Sub'])
/** Slots of ids and of the table each indexes, in the fused embedding of ONNX Runtime. */
const FUSED_EMBEDDING = new Map([
  [0, 2],
  [1, 4],
])
/** Some ids may go elsewhere, others may join them: what is made up in this range suits all of them. */
const IDS: Lookup = {rowsAt: tableAt, carries: ({opType}) => CARRIES_IDS.has(opType)}

/** A mask adds about −10000 or the lowest float where it is 0. */
const MASK_PENALTY = -1000

/** What to write into an input: ones into masks, ids below the smallest table they index, else by its type. */
export function fillOf(input: Value, dtype: DType): Fill {
  const ids = indexedRows(input, IDS)
  if (ids !== undefined && !isFloat(dtype)) return {kind: 'integers', below: ids}
  if (/mask/i.test(input.name) || dtype === 'bool' || isMask(input)) return {kind: 'constant', value: 1}
  if (isFloat(dtype)) return {kind: 'normal'}
  if (dtype === 'uint8') return {kind: 'integers', below: 256}
  if (dtype === 'int8') return {kind: 'integers', below: 128}
  return {kind: 'constant', value: 1}
}

function tableAt(node: Node, slot: number): number | undefined {
  if (node.opType === 'Gather' && slot === 1) return sizeOf(node.inputs[0], node.int('axis', 0))
  if (node.opType === 'EmbedLayerNormalization') return sizeOf(node.inputs[FUSED_EMBEDDING.get(slot) ?? -1], 0)
  if (node.opType === 'GatherBlockQuantized' && slot === 1) return sizeOf(node.inputs[0], node.int('gather_axis', 0))
  if (node.opType === 'OneHot' && slot === 0) return onlyNumber(node.inputs[1])
  return undefined
}

function sizeOf(table: Value | undefined, axis: number): number | undefined {
  if (!table) return undefined
  if (table.constant) return table.constant.shape.at(axis)
  const producer = table.producer
  return producer && CARRIES_TABLE.has(producer.opType) ? sizeOf(producer.inputs[0], axis) : undefined
}

/** The pattern `(1 − mask) · −10000`, the exporter's way to hide padding. */
function isMask(input: Value): boolean {
  return consumersThroughMoves(input).some((node) => {
    if (node.opType !== 'Sub' || (onlyNumber(node.inputs[0]) ?? 0) !== 1) return false
    return node.outputs.some((output) => output && consumersThroughMoves(output).some(isPenalty))
  })
}

function isPenalty(node: Node): boolean {
  return node.opType === 'Mul' && node.inputs.some((value) => (onlyNumber(value) ?? 0) < MASK_PENALTY)
}

function consumersThroughMoves(value: Value): Node[] {
  return value.consumers.flatMap((node) => {
    const output = node.outputs[0]
    return CARRIES_IDS.has(node.opType) && output ? consumersThroughMoves(output) : [node]
  })
}
