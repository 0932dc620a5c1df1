import type {Node} from '../../../ir/node.js'
import type {Value} from '../../../ir/value.js'

/** The nodes that apply an activation function to a value, and the value that comes out; no nodes where there is none. */
export interface Activation {
  readonly nodes: readonly Node[]
  readonly result: Value
}

const UNARY: ReadonlySet<string> = new Set([
  'Relu',
  'Clip',
  'LeakyRelu',
  'HardSwish',
  'Elu',
  'PRelu',
  'HardSigmoid',
  'Sigmoid',
])
/** Functions that an activation multiplies its own input with: SiLU and HardSwish as exporters write them. */
const GATES: ReadonlySet<string> = new Set(['Sigmoid', 'HardSigmoid'])

/** The activation behind a value: one node, or a gate and the Mul of both. */
export function activationOf(value: Value): Activation {
  const readers = value.consumers
  const [first] = readers
  const alone = readers.length === 1 && !value.isOutput
  if (alone && first && UNARY.has(first.opType)) return {nodes: [first], result: first.outputs[0] as Value}
  const gate = readers.find(({opType}) => GATES.has(opType))
  const product = gate?.outputs[0]?.consumers[0]
  const gated = gate && product?.opType === 'Mul' && readers.length === 2 && readers.includes(product)
  return gated ? {nodes: [gate, product], result: product.outputs[0] as Value} : {nodes: [], result: value}
}
