import {GraphBuilder} from '../../ir/build.js'
import type {Graph} from '../../ir/graph.js'
import type {Node} from '../../ir/node.js'
import {elementCount, float32, type Tensor} from '../../ir/tensor.js'
import type {Value} from '../../ir/value.js'
import {isRefusal} from '../../ops/op-spec.js'
import type {Change, Pass, PassReport, Skip} from '../pass.js'
import {excludedBecause, type Selection, type SpecOf} from '../selection.js'
import {broadcastShape, type ScaleAxis} from './channel-layout.js'
import {quantizeWeight} from './quantize-weight.js'

/** Below this many elements the two nodes and their names take more bytes than int8 saves. */
const SMALLEST_WEIGHT = 256

export interface WeightsOnlyOptions extends Selection {
  readonly specOf: SpecOf
  readonly perChannel: boolean
}

/**
 * Stores weights as int8 and computes in float: `Cast → Mul(scale)`, which ONNX Runtime folds once at load, so that inference
 * runs as before. (DequantizeLinear would run at every inference.) Saves disk, not memory.
 */
export function quantizeWeightsOnly(options: WeightsOnlyOptions): Pass {
  return {name: 'weights-only', run: (graph) => run(graph, options)}
}

function run(graph: Graph, options: WeightsOnlyOptions): PassReport {
  const changed: Change[] = []
  const skipped: Skip[] = []
  const done = new Map<Value, Value>()
  for (const node of graph.allNodes()) {
    const slots = options.specOf(node)?.parameters.weights ?? []
    for (const slot of slots) {
      const weight = node.inputs[slot]
      if (weight?.constant?.dtype !== 'float32') continue
      const reason = whyNot(weight.constant) ?? excludedBecause(node, options)
      if (reason) {
        skipped.push({node: node.name, op: node.opType, reason})
        continue
      }
      const restored = done.get(weight) ?? restore(weight, node, axisOf(node, slot, options))
      done.set(weight, restored)
      node.graph.setInput(node, slot, restored)
      if (weight.uses.size === 0) weight.graph.removeConstant(weight)
      changed.push({rule: 'weights-only', node: node.name, op: node.opType, from: 'float32', to: 'int8'})
    }
  }
  return {changed, skipped}
}

function whyNot(weight: Tensor): string | undefined {
  if (weight.shape.length < 2) return 'its weight is not a matrix'
  const count = elementCount(weight.shape)
  return count < SMALLEST_WEIGHT ? `its weight has only ${count} elements` : undefined
}

function axisOf(node: Node, slot: number, {specOf, perChannel}: WeightsOnlyOptions): ScaleAxis {
  if (!perChannel) return undefined
  const fact = specOf(node)?.quantize
  if (fact && !isRefusal(fact) && fact.as === 'compute' && fact.weight === slot) return fact.channelAxis(node)
  return 'rows'
}

/** The nodes that turn the integers back into the float weight, in the graph that owns it. */
function restore(weight: Value, reader: Node, axis: ScaleAxis): Value {
  const {graph} = weight
  const tensor = weight.constant as Tensor
  const {integers, scaleValues} = quantizeWeight(tensor, weight.name, {axis})
  const first = graph === reader.graph ? reader : graph.nodes()[0]
  const build = new GraphBuilder(graph, first ? {before: first} : {})
  const cast = build.op(
    'Cast',
    [graph.constant(integers, `${weight.name}_q`)],
    {to: FLOAT},
    {outputs: [`${weight.name}_c`]},
  )
  const factors = float32(scaleValues, broadcastShape(tensor.shape, axis))
  return build.op('Mul', [cast, graph.constant(factors, `${weight.name}_s`)], {}, {outputs: [`${weight.name}_w`]})
}

/** TensorProto.FLOAT */
const FLOAT = 1
