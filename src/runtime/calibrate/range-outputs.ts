import {BugError} from '../../errors.js'
import {GraphBuilder} from '../../ir/build.js'
import {dtypeCode} from '../../ir/dtype.js'
import type {Graph} from '../../ir/graph.js'
import type {Value} from '../../ir/value.js'

/** Names of the extra outputs that measure one tensor. */
export interface RangeOutputs {
  readonly tensor: string
  readonly min: string
  readonly max: string
  /** The sum is there for NaN alone: the runtime's minimum and maximum may skip it, a sum never does. */
  readonly sum: string
  /** Elements of one run. */
  readonly size: string
  /** The tensor itself; only when asked for. */
  readonly values: string | undefined
  /** The tensor's axis that counts samples, if one is known to. */
  readonly batchAxis?: number | undefined
}

/**
 * Adds outputs to the graph that measure tensors in place, so that no activation has to leave the runtime. Changes the graph.
 * Reductions without axes and with keepdims 0 mean "all axes" in every opset.
 *
 * @param tensors names of graph inputs or of node outputs of the main graph, float.
 * @param withValues whether the tensors themselves become outputs too.
 */
export function addRangeOutputs(graph: Graph, tensors: readonly string[], withValues: boolean): RangeOutputs[] {
  const values = valuesByName(graph)
  const build = new GraphBuilder(graph)
  return tensors.map((tensor) => {
    const value = values.get(tensor)
    if (!value) throw new BugError(`calibration of '${tensor}': the graph has no such tensor`)
    const source = asFloat32(build, value)
    const measure = (opType: string) => build.output(build.op(opType, [source], {keepdims: 0})).name
    return {
      tensor,
      min: measure('ReduceMin'),
      max: measure('ReduceMax'),
      sum: measure('ReduceSum'),
      size: build.output(build.op('Size', [source])).name,
      values: withValues ? exposed(build, source) : undefined,
    }
  })
}

/** A sum in float16 overflows soon, so narrow floats are widened where the type is known. */
function asFloat32(build: GraphBuilder, value: Value): Value {
  const dtype = value.type?.kind === 'tensor' ? value.type.dtype : undefined
  if (dtype === undefined || dtype === 'float32') return value
  return build.op('Cast', [value], {to: dtypeCode('float32')})
}

/** A graph input cannot be an output itself, and an output must not be listed twice. */
function exposed(build: GraphBuilder, value: Value): string {
  return build.output(build.op('Identity', [value])).name
}

function valuesByName(graph: Graph): Map<string, Value> {
  const values = [...graph.inputs, ...graph.nodes().flatMap((node) => node.outputs)]
  return new Map(values.flatMap((value) => (value ? [[value.name, value] as const] : [])))
}
