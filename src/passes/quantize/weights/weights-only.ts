import {GraphBuilder} from '../../../ir/build.js'
import type {TypedArray} from '../../../ir/dtype.js'
import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import {elementCount, type Tensor, tensorOf} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import {isRefusal} from '../../../ops/op-spec.js'
import type {SpecOf} from '../../../ops/specs-of.js'
import type {Change, Pass, PassReport, Skip} from '../../pass.js'
import {broadcastShape, type ScaleAxis} from '../numbers/channel-layout.js'
import {quantizeWeight, type WeightOptions} from '../numbers/quantize-weight.js'
import type {RoundingOf} from '../numbers/weight-rounding.js'
import {type ChosenType, isPacked, type WeightType} from '../numbers/weight-type.js'
import {type StoredWeight, storedInBlocks, storedWhole} from './stored-weight.js'

/** Below this many elements the nodes and their names take more bytes than integers save. */
const SMALLEST_WEIGHT = 256

export interface WeightsOnlyOptions {
  readonly specOf: SpecOf
  readonly perChannel: boolean
  /** The type of a node's weights; undefined for nodes that are left alone. */
  readonly typeOf: ChosenType
  /** Whether a node may read integers with those that do: another that reads the same weight. All may when absent. */
  readonly mayShare?: (node: Node) => boolean
  /** Elements that share a scale in 4-bit types. */
  readonly blockSize?: number
  /** Whether the scales of blocks are float16. */
  readonly halfScales?: boolean | undefined
  /** How weights are rounded; asked once for each, of the first node that reads it. */
  readonly rounding?: RoundingOf | undefined
}

/**
 * Stores weights as integers and computes in float: `Cast → [Sub(zero point)] → Mul(scale)`, which ONNX Runtime folds once at load,
 * so that inference runs as before. (DequantizeLinear would run at every inference.) Saves disk, not memory.
 */
export function quantizeWeightsOnly(options: WeightsOnlyOptions): Pass {
  return {name: 'weights-only', run: (graph) => run(graph, options)}
}

function run(graph: Graph, options: WeightsOnlyOptions): PassReport {
  const changed: Change[] = []
  const skipped: Skip[] = []
  const done = new Map<Value, Value>()
  for (const node of graph.allNodes()) {
    const type = options.typeOf(node)
    if (!type) continue
    for (const slot of options.specOf(node)?.parameters.weights ?? []) {
      const weight = node.inputs[slot]
      if (weight?.constant?.dtype !== 'float32') continue
      const reason = whyNot(weight.constant)
      if (reason) {
        skipped.push({node: node.name, op: node.opType, reason})
        continue
      }
      const stored = () => arrange(weight.constant as Tensor, node, slot, {...options, type})
      const restored =
        done.get(weight) ??
        restore(weight, stored(), type, {
          rounding: options.rounding?.(node, slot),
          halfScales: options.halfScales && isPacked(type),
        })
      done.set(weight, restored)
      node.graph.setInput(node, slot, restored)
      if (weight.uses.size === 0) weight.graph.removeConstant(weight)
      changed.push({
        rule: 'weights-only',
        form: 'weights',
        node: node.name,
        op: node.opType,
        from: 'float32',
        to: type.dtype,
      })
    }
  }
  for (const [weight, restored] of done) changed.push(...tie(weight, restored, options))
  return {changed, skipped}
}

/** Who else reads the weight, as the product behind tied embeddings does, gets it from the same integers: it is stored once. */
function tie(weight: Value, restored: Value, {mayShare}: WeightsOnlyOptions): Change[] {
  const {consumers} = weight
  if (consumers.length === 0 || weight.isOutput || consumers.some((node) => mayShare?.(node) === false)) return []
  weight.graph.replaceUses(weight, restored)
  weight.graph.removeConstant(weight)
  return consumers.map(({name, opType}) => ({
    rule: 'weights-only',
    form: 'weights',
    node: name,
    op: opType,
    from: 'float32',
  }))
}

/** The reason why none of a node's weights is worth being stored as integers; null for a node that has none. */
export function whyNotStored(node: Node, specOf: SpecOf): string | undefined | null {
  const slots = specOf(node)?.parameters.weights ?? []
  const tensors = slots.flatMap((slot) => node.inputs[slot]?.constant ?? [])
  const reasons = tensors.filter(({dtype}) => dtype === 'float32').map(whyNot)
  if (reasons.length === 0) return null
  return reasons.includes(undefined) ? undefined : reasons[0]
}

function whyNot(weight: Tensor): string | undefined {
  if (weight.shape.length < 2) return 'its weight is not a matrix'
  const count = elementCount(weight.shape)
  return count < SMALLEST_WEIGHT ? `its weight has only ${count} elements` : undefined
}

type ArrangeOptions = Pick<WeightsOnlyOptions, 'specOf' | 'perChannel' | 'blockSize'> & {readonly type: WeightType}

/** 4-bit types need the fine scales of blocks; 8-bit ones are exact enough with one per channel. */
function arrange(weight: Tensor, node: Node, slot: number, options: ArrangeOptions): StoredWeight {
  const {type, blockSize} = options
  if (isPacked(type) && blockSize !== undefined) return storedInBlocks(weight, node, slot, blockSize)
  return storedWhole(weight, axisOf(node, slot, options))
}

function axisOf(node: Node, slot: number, {specOf, perChannel}: ArrangeOptions): ScaleAxis {
  if (!perChannel) return undefined
  const fact = specOf(node)?.quantize
  if (fact && !isRefusal(fact) && fact.as === 'compute' && fact.weight === slot) return fact.channelAxis(node)
  return 'rows'
}

type RoundingOptions = Pick<WeightOptions, 'rounding' | 'halfScales'>

/** The nodes that turn the integers back into the float weight, in the graph that owns it. */
function restore(weight: Value, stored: StoredWeight, type: WeightType, options: RoundingOptions): Value {
  const {graph} = weight
  const {tensor, axis} = stored
  const {integers, scales, zeroPoints} = quantizeWeight(tensor, weight.name, {axis, type, ...options})
  // in front of everything: others may read it besides
  const [first] = graph.nodes()
  const build = new GraphBuilder(graph, first ? {before: first} : {})
  const shape = broadcastShape(tensor.shape, axis)
  const floats = (value: Tensor, suffix: string) =>
    build.op('Cast', [graph.constant(value, `${weight.name}_${suffix}`)], {to: FLOAT}, {outputs: [`${weight.name}_c`]})
  const cast = floats(integers, 'q')
  const centred = zeroPoints ? build.op('Sub', [cast, floats(withShape(zeroPoints, shape), 'z')]) : cast
  const scale = withShape(scales, shape)
  const factors = scale.dtype === 'float16' ? floats(scale, 's') : graph.constant(scale, `${weight.name}_s`)
  return stored.restore(build, build.op('Mul', [centred, factors], {}, {outputs: [`${weight.name}_w`]}))
}

function withShape(tensor: Tensor, shape: readonly number[]): Tensor {
  return tensorOf(tensor.dtype, shape, tensor.read() as TypedArray)
}

/** TensorProto.FLOAT */
const FLOAT = 1
