import type {Value} from '../../ir/value.js'
import type {BlockWriter, WindowAttributes} from './block-writer.js'
import type {Convolution} from './convolution.js'

/** A way to compute certain convolutions on blocked tensors. */
export interface BlockForm {
  readonly name: string
  fits(convolution: Convolution, block: number): boolean
  /** @returns the result in blocks. */
  write(writer: BlockWriter, convolution: Convolution): Value
}

/**
 * First match wins. Times with ONNX Runtime 1.30, one thread, batch 64, blocks of 16, in ms, changes of layout included.
 * A kernel of one element is left alone: the runtime multiplies matrices there, and the changes of layout cost more than is won.
 */
export const BLOCK_FORMS: readonly BlockForm[] = [
  // 64 from 32 channels, 3 × 3, 14 × 14: 2.3 where the plain one takes 3.2; 16 from 16, 28 × 28: 1.8 and 2.8; 64 from 64, 7 × 7: 1.1 and 2.0
  {name: 'dense', fits: isDense, write: writeDense},
  // 96 channels, 14 × 14: 0.9 and 2.9; 160 channels, 7 × 7: 0.4 and 2.5
  {name: 'depthwise', fits: isDepthwise, write: writeDepthwise},
  // the weight's gradient of a depthwise convolution: 96 channels, 14 × 14: 2.0 and 15; 160 channels, 7 × 7: 0.9 and 4.5
  {name: 'stacked', fits: isStacked, write: writeStacked},
  // the input's gradient of a depthwise convolution with stride 2: 64 channels to 28 × 28: 3.8 and 8.5; 96 to 14 × 14: 1.0 and 2.1
  {name: 'spread', fits: isSpread, write: writeSpread},
]

/** Larger kernels are maps of features, in gradients, and slower in blocks: 7 × 7 with 512 channels 43 ms and 35. */
const LARGEST_WINDOW = 25

function isDense({node, data, weight, group}: Convolution, block: number): boolean {
  const [, channels] = data
  const [filters, , height, width] = weight
  const isWindow = height * width > 1 && height * width <= LARGEST_WINDOW
  return node.opType === 'Conv' && group === 1 && channels % block === 0 && filters % block === 0 && isWindow
}

/**
 * [M, C, h, w] in blocks of both: [M / block, C / block, h, w, block of C, block of M]. Two transpositions of few axes are four times
 * as fast as one of six, which with 512 × 512 × 3 × 3 weights was a third of the time.
 */
function writeDense(writer: BlockWriter, convolution: Convolution): Value {
  const {x, w, bias, weight} = convolution
  const [filters, channels, height, width] = weight
  const {block} = writer
  const [rows, columns, window] = [filters / block, channels / block, height * width]
  const filtersLast = writer.transpose(writer.reshape(w, [rows, block, channels * window]), [0, 2, 1])
  const apart = writer.reshape(filtersLast, [rows * columns, block, window, block])
  const blocked = writer.reshape(writer.transpose(apart, [0, 2, 1, 3]), weight)
  return writer.convolve(writer.enter(x), blocked, bias, windowOf(convolution))
}

function isDepthwise({node, data, weight, group}: Convolution, block: number): boolean {
  const [, channels] = data
  return node.opType === 'Conv' && group === channels && weight[0] === channels && channels % block === 0
}

function writeDepthwise(writer: BlockWriter, convolution: Convolution): Value {
  const {x, w, bias} = convolution
  return writer.convolve(writer.enter(x), blockedKernels(writer, w, convolution), bias, windowOf(convolution))
}

/** [C, 1, h, w] as [C / block, h, w, block]. */
function blockedKernels(writer: BlockWriter, w: Value, {weight}: Convolution): Value {
  const [channels, , height, width] = weight
  const apart = writer.reshape(w, [channels / writer.block, writer.block, height, width])
  return writer.reshape(writer.transpose(apart, [0, 2, 3, 1]), weight)
}

/** Whether one row of groups, each with several channels in and one out, can be stood on end: see `writeStacked`. */
function isStacked(convolution: Convolution, block: number): boolean {
  const {node, data, weight, group} = convolution
  const isGrouped = node.opType === 'Conv' && data[0] === 1 && weight[0] === group && weight[1] > 1
  return isGrouped && group % block === 0 && stackOf(convolution).bottom >= 0
}

/** Rows of each channel in the stack, of the data and of the kernel, and the padding below it. */
interface Stack {
  readonly dataRows: number
  readonly kernelRows: number
  readonly bottom: number
}

/** As many rows of zeros behind each channel as a window can reach beyond it, so that no window sees two channels. */
function stackOf({data, weight, result, strides, dilations, pads}: Convolution): Stack {
  const [[stride], [dilation], [top]] = [strides, dilations, pads]
  const [rows, kernel, steps] = [data[2], weight[2], (result[2] - 1) * stride]
  const below = Math.max(0, steps + (kernel - 1) * dilation - top - (rows - 1))
  const kernelRows = Math.max(kernel, Math.ceil((rows + Math.max(top, below)) / dilation))
  return {dataRows: kernelRows * dilation, kernelRows, bottom: steps - dilation + 1 - top}
}

/**
 * A group's sum over its channels becomes a sum over rows: channels are stacked on each other, of the data and of the kernel alike,
 * with zeros in between, and a depthwise convolution with one very high kernel gives the same numbers.
 */
function writeStacked(writer: BlockWriter, convolution: Convolution): Value {
  const {x, w, bias, data, weight, group} = convolution
  const {dataRows, kernelRows, bottom} = stackOf(convolution)
  const count = weight[1]
  const [stackedData, kernel] = [
    stack(writer, x, {count, group, rows: data[2], width: data[3], wanted: dataRows}),
    stack(writer, w, {count, group, rows: weight[2], width: weight[3], wanted: kernelRows}),
  ]
  const [top, left, , right] = convolution.pads
  const size = [count * kernelRows, weight[3]]
  return writer.convolve(stackedData, writer.reshape(kernel, [group, 1, ...size]), bias, {
    ...windowOf(convolution),
    kernel_shape: size,
    pads: [top, left, bottom, right],
  })
}

interface Pile {
  /** Channels per group: what is stacked. */
  readonly count: number
  readonly group: number
  readonly rows: number
  readonly width: number
  /** Rows of each channel with the zeros behind it. */
  readonly wanted: number
}

/** The channels of each group on each other, in blocks of groups: [1, group, count · wanted, width]. */
function stack(writer: BlockWriter, value: Value, {count, group, rows, width, wanted}: Pile): Value {
  const source = unswapped(value, [count, group, rows, width])
  const more = (wanted - rows) * width
  if (!source) {
    const lines = writer.padEnds(writer.reshape(value, [group * count, rows * width]), [0, more])
    return writer.enter(writer.reshape(lines, [1, group, count * wanted, width]))
  }
  // most likely in blocks already
  const {block} = writer
  const apart = writer.reshape(writer.enter(source), [count, group / block, rows * width * block])
  const lines = writer.padEnds(writer.transpose(apart, [1, 0, 2]), [0, 0, more * block])
  return writer.reshape(lines, [1, group, count * wanted, width])
}

/** What a gradient rule has swapped batch and channels of, if it is of that shape. */
function unswapped(value: Value, shape: readonly number[]): Value | undefined {
  const swap = value.producer?.opType === 'Reshape' ? value.producer.inputs[0]?.producer : value.producer
  const [source] = swap?.inputs ?? []
  if (swap?.opType !== 'Transpose' || swap.ints('perm', []).join() !== '1,0,2,3') return undefined
  return source?.type?.kind === 'tensor' && source.type.shape?.join() === shape.join() ? source : undefined
}

function isSpread(convolution: Convolution, block: number): boolean {
  const {node, data, weight, group} = convolution
  const isOwn = node.opType === 'ConvTranspose' && group === data[1] && weight[1] === 1 && group % block === 0
  return isOwn && spreadPads(convolution).every((pad) => pad >= 0)
}

/** Padding of the convolution that `writeSpread` writes. */
function spreadPads({data, weight, result, strides, dilations, pads}: Convolution): number[] {
  const [rows, columns] = [0, 1].map((axis) => {
    const reach = (dilations[axis] as number) * ((weight[axis + 2] as number) - 1)
    const before = reach - (pads[axis] as number)
    return [
      before,
      (result[axis + 2] as number) + reach - before - (data[axis + 2] as number) * (strides[axis] as number),
    ]
  }) as [number[], number[]]
  return [rows[0], columns[0], rows[1], columns[1]] as number[]
}

/** Zeros between the elements, then the kernel turned around slides over them with stride 1. */
function writeSpread(writer: BlockWriter, convolution: Convolution): Value {
  const {x, w, bias, data, strides, group} = convolution
  const [batch, , rows, columns] = data
  const {block} = writer
  const [down, right] = strides
  const apart = writer.reshape(writer.enter(x), [(batch * group) / block, rows, 1, columns, block])
  const spread = writer.padEnds(apart, [0, 0, down - 1, 0, (right - 1) * block])
  const kernels = blockedKernels(writer, writer.turn(w), convolution)
  const wide = writer.reshape(spread, [batch, group, rows * down, columns * right])
  return writer.convolve(wide, kernels, bias, {
    ...windowOf(convolution),
    strides: [1, 1],
    pads: spreadPads(convolution),
  })
}

function windowOf({weight, strides, dilations, pads, group}: Convolution): WindowAttributes {
  return {kernel_shape: weight.slice(2), strides, dilations, pads, group}
}
