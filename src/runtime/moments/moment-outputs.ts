import {BugError} from '../../errors.js'
import {GraphBuilder} from '../../ir/build.js'
import {dtypeCode} from '../../ir/dtype.js'
import type {Graph} from '../../ir/graph.js'
import {patches} from '../../ir/patches.js'
import {elementCount} from '../../ir/tensor.js'
import type {Value} from '../../ir/value.js'

/** What a convolution sees of its input at once. As ONNX has the attributes; those that are absent have ONNX's defaults. */
export interface Window {
  /** `[…spatial]` */
  readonly kernel: readonly number[]
  readonly attributes: Readonly<Record<string, string | readonly number[]>>
}

/** A tensor whose last axis counts channels: the inputs of a product with a constant weight; or what a convolution reads of it. */
export interface MeasuredTensor {
  /** What the result is called: the tensor's name where that is unique. */
  readonly key: string
  /** A graph input or a node's output, float. */
  readonly tensor: string
  /** Of a window, all its values: channels of the tensor times the kernel's places. */
  readonly channels: number
  /** Rows are the patches that the kernel sees, `[channels, …kernel]` laid out flat; the tensor is `[batch, channels, …spatial]`. */
  readonly window?: Window | undefined
}

/** Names of the extra outputs that measure one tensor, and what they are. */
export interface MomentOutputs extends MeasuredTensor {
  /** Means of the squares over the rows of a run, `[1, channels, 1]`; of a run's XᵀX, `[channels, channels]`, with `products`. */
  readonly moments: string
  /** Elements of one run. */
  readonly size: string
  readonly products: boolean
}

/**
 * Adds outputs to the graph that measure second moments in place, so that no activation leaves the runtime. Changes the graph. Written
 * with operators that are the same in every opset.
 */
export function addMomentOutputs(graph: Graph, tensors: readonly MeasuredTensor[], products: boolean): MomentOutputs[] {
  const build = new GraphBuilder(graph)
  const known = new Map(
    [...graph.inputs, ...graph.nodes().flatMap(({outputs}) => outputs)].flatMap((value) =>
      value ? [[value.name, value] as const] : [],
    ),
  )
  return tensors.map((measured) => {
    const {tensor, channels} = measured
    const value = known.get(tensor)
    if (!value) throw new BugError(`moments of '${tensor}': the graph has no such tensor`)
    const {rows, columns} = matrixOf(build, asFloat32(build, value), measured)
    const moments = products ? build.op('MatMul', [columns, rows]) : meanSquares(build, columns, channels)
    return {
      ...measured,
      products,
      moments: build.output(moments).name,
      size: build.output(build.op('Size', [rows])).name,
    }
  })
}

/** X as `[rows, channels]`, and turned. */
function matrixOf(
  build: GraphBuilder,
  value: Value,
  {channels, window}: MeasuredTensor,
): Record<'rows' | 'columns', Value> {
  if (!window) {
    const rows = build.op('Reshape', [value, build.ints([-1, channels])])
    return {rows, columns: build.op('Transpose', [rows], {perm: [1, 0]})}
  }
  const seen = patches(build, value, channels / elementCount(window.kernel), window)
  const perm = [1, 0, ...window.kernel.map((_, i) => 2 + i)]
  const columns = build.op('Reshape', [build.op('Transpose', [seen], {perm}), build.ints([channels, -1])])
  return {columns, rows: build.op('Transpose', [columns], {perm: [1, 0]})}
}

/** A reduction's axes are an attribute in one opset and an input in another; pooling is always the same. */
function meanSquares(build: GraphBuilder, columns: Value, channels: number): Value {
  const signal = build.op('Reshape', [columns, build.ints([1, channels, -1])])
  return build.op('GlobalAveragePool', [build.op('Mul', [signal, signal])])
}

function asFloat32(build: GraphBuilder, value: Value): Value {
  const dtype = value.type?.kind === 'tensor' ? value.type.dtype : undefined
  if (dtype === undefined || dtype === 'float32') return value
  return build.op('Cast', [value], {to: dtypeCode('float32')})
}
