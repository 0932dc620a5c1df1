import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import type {SpecOf} from '../../../ops/specs-of.js'
import type {SizeOf} from '../kernels/free-dims.js'
import type {WeightType} from '../numbers/weight-type.js'
import {fedBackNodes} from './fed-back-state.js'

export type QuantizeMode = 'auto' | 'dynamic' | 'static' | 'weights' | 'float16'

/** What a plan is made for. */
export interface Target {
  readonly mode: QuantizeMode
  /** The type of weights where no edit names another. */
  readonly weights: WeightType['dtype']
  /** What computes beside integer weights, where that is not float32. */
  readonly rest?: 'float16' | undefined
  readonly format: 'qdq' | 'qoperator' | 'ort'
  readonly blockSize: number
  readonly perChannel: boolean
  readonly provider: string
  readonly sizeOf: SizeOf
  readonly specOf: SpecOf
  /** Opset of the prepared model. */
  readonly opset: number
  /** Whether there is data to take ranges from. */
  readonly hasRanges: boolean
  /** Nodes whose values pass float16's range, with the reason. */
  readonly beyondFloat16?: ReadonlyMap<Node, string> | undefined
}

/** Forms in the order in which they are tried, without types. */
export type Rung = 'static' | 'dynamic' | 'table' | 'blocks' | 'stored' | 'float16'

/** Opsets that bring a scale per channel, QuantizeLinear at all, and 4-bit types. */
export const OPSETS = {perChannel: 13, perTensor: 10, packed: 21}

/** The forms that a mode tries of a node, the first that fits is taken. */
export function ladderOf(target: Target, isStreaming: boolean): readonly Rung[] {
  const {mode, hasRanges} = target
  if (mode === 'float16' || isStreaming) return ['float16']
  const weights = weightRungs(target)
  if (mode === 'weights') return weights
  if (!hasRanges || mode === 'dynamic') return ['dynamic', ...weights]
  return mode === 'static' ? ['static', ...weights] : ['static', 'dynamic', ...weights]
}

function weightRungs({format, opset, perChannel}: Target): readonly Rung[] {
  if (format === 'ort') return ['blocks', 'stored']
  return opset >= (perChannel ? OPSETS.perChannel : OPSETS.perTensor) ? ['table', 'stored'] : ['stored']
}

/**
 * The node that makes a model one of streams, whose state is fed back, unless other types are asked for by name: weights in 16 bits.
 * Silero VAD v5 through 95 s of speech parts from float by up to 0.15 in int8, each layer alone by 0.03 or more; by 0.0014 in float16.
 */
export function streamingNode(graph: Graph, {mode, weights, format}: Target): Node | undefined {
  const isByDefault = (mode === 'auto' || mode === 'weights') && weights === 'int8' && format !== 'ort'
  return isByDefault ? fedBackNodes(graph)[0] : undefined
}
