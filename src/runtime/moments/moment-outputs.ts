import {BugError} from '../../errors.js'
import {GraphBuilder} from '../../ir/build.js'
import {dtypeCode} from '../../ir/dtype.js'
import type {Graph} from '../../ir/graph.js'
import type {Value} from '../../ir/value.js'

/** A tensor whose last axis counts channels: the inputs of a product with a constant weight. */
export interface MeasuredTensor {
  /** A graph input or a node's output, float. */
  readonly tensor: string
  readonly channels: number
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
  return tensors.map(({tensor, channels}) => {
    const value = known.get(tensor)
    if (!value) throw new BugError(`moments of '${tensor}': the graph has no such tensor`)
    const rows = build.op('Reshape', [asFloat32(build, value), build.ints([-1, channels])])
    const columns = build.op('Transpose', [rows], {perm: [1, 0]})
    const moments = products ? build.op('MatMul', [columns, rows]) : meanSquares(build, columns, channels)
    return {
      tensor,
      channels,
      products,
      moments: build.output(moments).name,
      size: build.output(build.op('Size', [rows])).name,
    }
  })
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
