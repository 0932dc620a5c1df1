import type {GraphBuilder} from '../../../ir/build.js'
import type {Node} from '../../../ir/node.js'
import {derivedTensor, elementCount, slicesOf, type Tensor, withSlices} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import type {ScaleAxis} from '../numbers/channel-layout.js'
import {transposed} from './transposed.js'

/** A weight arranged for storage, and the way back to its own shape. */
export interface StoredWeight {
  /** The same values, rows of one scale last. */
  readonly tensor: Tensor
  readonly axis: ScaleAxis
  /** Emits the nodes that give the stored arrangement the weight's shape again; ONNX Runtime folds them at load. */
  restore(build: GraphBuilder, value: Value): Value
}

/** Blocks smaller than this spend more on scales than they save. */
export const SMALLEST_BLOCK = 8

/** The weight as it is, one scale per slice of an axis. */
export function storedWhole(tensor: Tensor, axis: ScaleAxis): StoredWeight {
  return {tensor, axis, restore: (_, value) => value}
}

/**
 * The weight in blocks along the dimension that is summed over, one scale per block: rows of `[outputs, inputs]`, the filters of a
 * Conv, each laid out flat. A matrix that is summed over its rows is stored transposed.
 *
 * @param blockSize the largest block; the largest divisor of the row's length not above it is taken.
 */
export function storedInBlocks(tensor: Tensor, reader: Node, slot: number, blockSize: number): StoredWeight {
  const turn = sumsOverRows(reader, slot)
  const source = turn ? transposed(tensor) : tensor
  const rows = reader.opType === 'Conv' ? [tensor.shape[0] ?? 1] : source.shape.slice(0, -1)
  const length = elementCount(tensor.shape) / elementCount(rows)
  const block = largestDivisor(length, blockSize)
  return {
    tensor: reshaped(source, [...rows, length / block, block]),
    axis: 'rows',
    restore(build, value) {
      const flat = build.op('Reshape', [value, build.ints(source.shape, 'stored_shape')])
      return turn ? build.op('Transpose', [flat], {perm: [1, 0]}) : flat
    },
  }
}

/** Whether the products of a node run along the first dimension of its matrix. */
function sumsOverRows(reader: Node, slot: number): boolean {
  if (reader.opType === 'MatMul') return slot === 1 && reader.inputs[slot]?.constant?.shape.length === 2
  return reader.opType === 'Gemm' && slot === 1 && reader.int('transB', 0) === 0
}

function largestDivisor(length: number, limit: number): number {
  for (let size = Math.min(limit, length); size >= SMALLEST_BLOCK; size--) if (length % size === 0) return size
  return length
}

/** The same elements in another shape, still read piece by piece where the tensor can. */
function reshaped(tensor: Tensor, shape: readonly number[]): Tensor {
  const view = derivedTensor(tensor.dtype, shape, () => tensor.read())
  const slices = slicesOf(tensor)
  return slices ? withSlices(view, slices) : view
}
