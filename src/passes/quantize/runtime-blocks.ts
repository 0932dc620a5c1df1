import {GraphBuilder} from '../../ir/build.js'
import type {Graph} from '../../ir/graph.js'
import type {Node} from '../../ir/node.js'
import {derivedTensor, float32, readFloat32, type Tensor, tensorOf} from '../../ir/tensor.js'
import type {Value} from '../../ir/value.js'
import type {Change, Pass, PassReport, Skip} from '../pass.js'
import {excludedBecause, type Selection} from '../selection.js'
import {whyNotGemm} from './integer-kernels.js'
import {quantizeWeight} from './quantize-weight.js'
import {transposed} from './transposed.js'
import {WEIGHT_TYPES, type WeightType} from './weight-type.js'

/** ONNX Runtime's own domain. */
const RUNTIME = 'com.microsoft'
/** Products with int8 activations: the fast kernel. */
const ACCURACY_LEVEL = 4

/** Input slots of the weights. */
const SLOTS: ReadonlyMap<string, number> = new Map([
  ['MatMul', 1],
  ['Gemm', 1],
  ['Gather', 0],
])

export interface RuntimeBlockOptions extends Selection {
  readonly type: WeightType
  /** A power of two, at least 16: the kernel's rule. */
  readonly blockSize: number
}

/**
 * MatMul and Gemm with constant weights as com.microsoft MatMulNBits and embedding tables as GatherBlockQuantized: the integers stay in
 * memory and the runtime multiplies with them. Gains for single rows and big weights, loses for many rows of small ones.
 *
 * @see ONNX Runtime, docs/ContribOperators.md: B is `[N, ⌈K / block⌉, block · bits / 8]`, rows of the transposed weight.
 */
export function quantizeRuntimeBlocks(options: RuntimeBlockOptions): Pass {
  return {name: 'runtime-blocks', run: (graph) => run(graph, options)}
}

function run(graph: Graph, options: RuntimeBlockOptions): PassReport {
  const changed: Change[] = []
  const skipped: Skip[] = []
  const known: KnownBlocks = new Map()
  for (const node of graph.allNodes()) {
    const slot = SLOTS.get(node.opType)
    const weight = slot === undefined ? undefined : node.inputs[slot]
    if (node.domain !== '' || weight?.constant?.dtype !== 'float32') continue
    const reason = whyNot(node, weight.constant, options) ?? excludedBecause(node, options)
    if (reason) {
      skipped.push({node: node.name, op: node.opType, reason})
      continue
    }
    if (node.opType === 'Gather') rewriteGather(node, weight, options, known)
    else rewriteProduct(node, weight, options, known)
    if (weight.uses.size === 0) weight.graph.removeConstant(weight)
    changed.push({rule: 'runtime-blocks', node: node.name, op: node.opType, from: 'float32', to: options.type.dtype})
  }
  return {changed, skipped}
}

function whyNot(node: Node, weight: Tensor, {blockSize}: RuntimeBlockOptions): string | undefined {
  if (weight.shape.length !== 2) return 'its weight is not a matrix'
  if (node.opType === 'MatMul') return undefined
  if (node.opType === 'Gemm') {
    const [, , bias] = node.inputs
    return bias && bias.constant?.dtype !== 'float32' ? 'its bias is not a float32 constant' : whyNotGemm(node)
  }
  if (node.int('axis', 0) !== 0) return 'it gathers columns, not rows'
  const [, columns = 0] = weight.shape
  return columns % blockSize === 0 ? undefined : `its rows of ${columns} are no whole blocks of ${blockSize}`
}

/** A weight in blocks, as the operators' inputs, by the weight's name and how it is read: however many nodes read it, it is stored once. */
type KnownBlocks = Map<string, readonly (Value | undefined)[]>

/** MatMulNBits adds a bias of its own, one value per column. */
function rewriteProduct(node: Node, weight: Value, {type, blockSize}: RuntimeBlockOptions, known: KnownBlocks): void {
  const {graph} = node
  const tensor = weight.constant as Tensor
  const isTurned = node.opType === 'Gemm' && node.int('transB', 0) !== 0
  const turned = isTurned ? tensor : transposed(tensor)
  const [columns = 1, rows = 1] = turned.shape
  const key = `${weight.name}|${isTurned}`
  const inputs = known.get(key) ?? productBlocks(weight, turned, {type, blockSize})
  known.set(key, inputs)
  const made = new GraphBuilder(graph, {before: node}).node(
    'MatMulNBits',
    [node.inputs[0], ...inputs, undefined, node.inputs[2]],
    {K: rows, N: columns, bits: bitsOf(type), block_size: blockSize, accuracy_level: ACCURACY_LEVEL},
    {domain: RUNTIME, outputs: 0},
  )
  graph.moveOutput(node.outputs[0] as Value, made, 0)
  graph.remove(node)
}

/** `[integers, scales, zero points]` of a weight laid out as `[N, K]`. */
function productBlocks({graph, name}: Value, turned: Tensor, {type, blockSize}: RuntimeBlockOptions) {
  const bits = bitsOf(type)
  const [columns = 1, rows = 1] = turned.shape
  const blocks = Math.ceil(rows / blockSize)
  const blocked = inBlocks(turned, blocks, blockSize)
  const {integers, scaleValues, zeroPoints} = quantizeWeight(blocked, name, {axis: 'rows', type})
  const shape = [columns, blocks, (blockSize * bits) / 8]
  const bytes = derivedTensor('uint8', shape, () => offset(integers.read() as Uint8Array, type, bits))
  return [
    graph.constant(bytes, `${name}_q`),
    graph.constant(float32(scaleValues), `${name}_s`),
    zeroPoints && graph.constant(packedPoints(zeroPoints.read() as Uint8Array, blocks, bits), `${name}_z`),
  ]
}

function bitsOf({dtype}: WeightType): 4 | 8 {
  return dtype.endsWith('4') ? 4 : 8
}

/** `[N, K]` as `[N, blocks, block]`, the last block filled with zeros. */
function inBlocks(weight: Tensor, blocks: number, blockSize: number): Tensor {
  const [columns = 1, rows = 1] = weight.shape
  return derivedTensor('float32', [columns, blocks, blockSize], () => {
    const source = readFloat32(weight)
    const target = new Float32Array(columns * blocks * blockSize)
    for (let c = 0; c < columns; c++) target.set(source.subarray(c * rows, (c + 1) * rows), c * blocks * blockSize)
    return target
  })
}

/** The kernel takes signed weights with an implied zero point in the middle of the unsigned range. */
function offset(stored: Uint8Array, {low}: WeightType, bits: number): Uint8Array {
  const middle = low < 0 ? (bits === 4 ? 0x88 : 0x80) : 0
  const bytes = new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength)
  return bytes.map((byte) => byte ^ middle)
}

/** One zero point per block, each row of blocks padded to whole bytes. */
function packedPoints(points: Uint8Array, blocks: number, bits: number): Tensor {
  const rowBytes = Math.ceil((blocks * bits) / 8)
  const rows = points.length / blocks
  const packed = new Uint8Array(rows * rowBytes)
  for (let row = 0; row < rows; row++) {
    const own = points.subarray(row * blocks, (row + 1) * blocks)
    if (bits === 8) packed.set(own, row * rowBytes)
    else packed.set(nibbles(own), row * rowBytes)
  }
  return tensorOf('uint8', [packed.length], packed)
}

function rewriteGather(node: Node, table: Value, {type, blockSize}: RuntimeBlockOptions, known: KnownBlocks): void {
  const {graph} = node
  const bits = bitsOf(type)
  const key = `${table.name}|rows`
  const [data, scales] = known.get(key) ?? tableBlocks(table, {type, blockSize})
  known.set(key, [data, scales])
  const made = new GraphBuilder(graph, {before: node}).node(
    'GatherBlockQuantized',
    [data, node.inputs[1], scales],
    {gather_axis: 0, quantize_axis: 1, block_size: blockSize, ...(bits === 8 && {bits})},
    {domain: RUNTIME, outputs: 0},
  )
  graph.moveOutput(node.outputs[0] as Value, made, 0)
  graph.remove(node)
}

/** `[integers, scales]` of a table. The operator has no zero points for signed data, and its unsigned ones are packed: signed needs none. */
function tableBlocks({graph, name, constant}: Value, {type, blockSize}: RuntimeBlockOptions) {
  const tensor = constant as Tensor
  const [rows = 1, columns = 1] = tensor.shape
  const blocked = derivedTensor('float32', [rows, columns / blockSize, blockSize], () => tensor.read())
  const signed = bitsOf(type) === 4 ? WEIGHT_TYPES.int4 : WEIGHT_TYPES.int8
  const {integers, scaleValues} = quantizeWeight(blocked, name, {axis: 'rows', type: signed})
  const data =
    bitsOf(type) === 4
      ? derivedTensor('int4', [rows, columns], () => integers.read())
      : derivedTensor('uint8', [rows, columns], () => offset(integers.read() as Uint8Array, signed, 8))
  return [
    graph.constant(data, `${name}_q`),
    graph.constant(float32(scaleValues, [rows, columns / blockSize]), `${name}_s`),
  ]
}

function nibbles(values: Uint8Array): Uint8Array {
  const packed = new Uint8Array(Math.ceil(values.length / 2))
  values.forEach((value, i) => {
    packed[i >> 1] = (packed[i >> 1] as number) | (value << (4 * (i & 1)))
  })
  return packed
}
