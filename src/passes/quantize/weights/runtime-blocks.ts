import {GraphBuilder} from '../../../ir/build.js'
import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import {derivedTensor, float32, readFloat32, type Tensor, tensorOf} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import type {Change, Pass, PassReport} from '../../pass.js'
import {removeUnread} from '../../simplify/remove-unread.js'
import {whyNotGemm} from '../kernels/integer-kernels.js'
import {quantizeWeight} from '../numbers/quantize-weight.js'
import type {RoundingOf, WeightRounding} from '../numbers/weight-rounding.js'
import {type ChosenType, WEIGHT_TYPES, type WeightType} from '../numbers/weight-type.js'
import {isTied, type ReadWeight, readWeight} from './read-weight.js'
import {transposed} from './transposed.js'

/** ONNX Runtime's own domain. */
const RUNTIME = 'com.microsoft'
/** Products with int8 activations: the fast kernel. */
const ACCURACY_LEVEL = 4

export interface RuntimeBlockOptions {
  /** The type of a node's weight; undefined for nodes that are left alone. */
  readonly typeOf: ChosenType
  /** A power of two, at least 16: the kernel's rule. */
  readonly blockSize: number
  /** Whether scales are to become float16: integers are made for what is left of them then. */
  readonly halfScales?: boolean | undefined
  /** How weights are rounded; asked once for each, of the first node that reads it. */
  readonly rounding?: RoundingOf | undefined
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
  const known: KnownBlocks = new Map()
  for (const node of graph.allNodes()) {
    const type = options.typeOf(node)
    const read = type && readWeight(node)
    if (!read) continue
    const rounding = () => options.rounding?.(node, node.opType === 'Gather' ? 0 : 1)
    const {blockSize, halfScales} = options
    const blocks = {type, blockSize, halfScales, rounding}
    if (node.opType === 'Gather') rewriteGather(node, read.weight, blocks, known)
    else rewriteProduct(node, read, blocks, known)
    const {weight} = read
    if (weight.uses.size === 0) weight.graph.removeConstant(weight)
    changed.push({
      rule: 'runtime-blocks',
      form: 'weights',
      node: node.name,
      op: node.opType,
      from: 'float32',
      to: type.dtype,
    })
  }
  return {changed, skipped: []}
}

/** How the integers of a weight are laid out. */
interface Blocks {
  readonly type: WeightType
  readonly blockSize: number
  readonly halfScales?: boolean | undefined
  /** Asked for only where a weight is not known yet. */
  rounding(): WeightRounding | undefined
}

/** The reason why a node's weight cannot be read in blocks; null for a node that the runtime has no such operator for. */
export function whyNotBlocks(node: Node, blockSize: number): string | undefined | null {
  const weight = node.domain === '' ? readWeight(node)?.weight.constant : undefined
  if (weight?.dtype !== 'float32') return null
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
function rewriteProduct(node: Node, read: ReadWeight, options: Blocks, known: KnownBlocks): void {
  const {graph} = node
  const {type, blockSize} = options
  const {inputs, rows, columns} = productBlocks(read, options, known)
  const [data, operand, bias] = node.inputs
  const made = new GraphBuilder(graph, {before: node}).node(
    'MatMulNBits',
    [data, ...inputs, undefined, bias],
    {K: rows, N: columns, bits: bitsOf(type), block_size: blockSize, accuracy_level: ACCURACY_LEVEL},
    {domain: RUNTIME, outputs: 0},
  )
  graph.moveOutput(node.outputs[0] as Value, made, 0)
  graph.remove(node)
  if (operand?.producer) removeUnread(operand)
}

/** What a product reads in place of a weight, made once for all that read it the same way. */
function productBlocks({weight, isTurned}: ReadWeight, options: Blocks, known: KnownBlocks) {
  const tensor = weight.constant as Tensor
  const turned = isTurned ? tensor : transposed(tensor)
  const [columns = 1, rows = 1] = turned.shape
  const key = `${weight.name}|${isTurned}|${options.type.dtype}`
  const inputs = known.get(key) ?? blocksOf(weight, turned, options)
  known.set(key, inputs)
  return {inputs, rows, columns}
}

/** `[integers, scales, zero points]` of a weight laid out as `[N, K]`. */
function blocksOf({graph, name}: Value, turned: Tensor, {type, blockSize, ...options}: Blocks) {
  const bits = bitsOf(type)
  const [columns = 1, rows = 1] = turned.shape
  const blocks = Math.ceil(rows / blockSize)
  const blocked = inBlocks(turned, blocks, blockSize)
  const rounding = filledUp(options.rounding(), blocks * blockSize)
  const {halfScales} = options
  const {integers, scaleValues, zeroPoints} = quantizeWeight(blocked, name, {axis: 'rows', type, rounding, halfScales})
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

/** Elements that fill up a last block count for nothing. */
function filledUp(rounding: WeightRounding | undefined, length: number): WeightRounding | undefined {
  if (!rounding?.squares || rounding.squares.length === length) return rounding
  const squares = new Float64Array(length)
  squares.set(rounding.squares)
  return {...rounding, squares}
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

function rewriteGather(node: Node, table: Value, options: Blocks, known: KnownBlocks): void {
  const {graph} = node
  const build = new GraphBuilder(graph, {before: node})
  const bits = bitsOf(options.type)
  const tied = isTied(table)
  const [data, ...parameters] = tied ? rowsOfProduct(build, table, options, known) : tableBlocks(table, options, known)
  const made = build.node(
    'GatherBlockQuantized',
    [data, node.inputs[1], ...parameters],
    {gather_axis: 0, quantize_axis: 1, block_size: options.blockSize, ...((tied || bits === 8) && {bits})},
    {domain: RUNTIME, outputs: 0},
  )
  graph.moveOutput(node.outputs[0] as Value, made, 0)
  graph.remove(node)
}

/** The rows of a table that a product reads as well, in the product's form: bytes of two, with the same zero points, laid out flat. */
function rowsOfProduct(build: GraphBuilder, table: Value, options: Blocks, known: KnownBlocks): Value[] {
  const {inputs, columns} = productBlocks({weight: table, isTurned: true}, options, known)
  const flat = build.ints([columns, -1])
  return inputs.flatMap((value) => (value ? [build.op('Reshape', [value, flat])] : []))
}

/** `[integers, scales]` of a table. The operator has no zero points for signed data, and its unsigned ones are packed: signed needs none. */
function tableBlocks(table: Value, {type, blockSize, ...options}: Blocks, known: KnownBlocks) {
  const {graph, name, constant} = table
  const key = `${name}|rows|${type.dtype}`
  const before = known.get(key)
  if (before) return before
  const tensor = constant as Tensor
  const [rows = 1, columns = 1] = tensor.shape
  const blocked = derivedTensor('float32', [rows, columns / blockSize, blockSize], () => tensor.read())
  const signed = bitsOf(type) === 4 ? WEIGHT_TYPES.int4 : WEIGHT_TYPES.int8
  const {integers, scaleValues} = quantizeWeight(blocked, name, {
    axis: 'rows',
    type: signed,
    rounding: options.rounding(),
    halfScales: options.halfScales,
  })
  const data =
    bitsOf(type) === 4
      ? derivedTensor('int4', [rows, columns], () => integers.read())
      : derivedTensor('uint8', [rows, columns], () => offset(integers.read() as Uint8Array, signed, 8))
  const made = [
    graph.constant(data, `${name}_q`),
    graph.constant(float32(scaleValues, [rows, columns / blockSize]), `${name}_s`),
  ]
  known.set(key, made)
  return made
}

function nibbles(values: Uint8Array): Uint8Array {
  const packed = new Uint8Array(Math.ceil(values.length / 2))
  values.forEach((value, i) => {
    packed[i >> 1] = (packed[i >> 1] as number) | (value << (4 * (i & 1)))
  })
  return packed
}
