import type {AttributeLike} from './attribute.js'
import type {DType} from './dtype.js'
import type {Graph} from './graph.js'
import type {Node} from './node.js'
import {float32, int64, scalar, type Tensor} from './tensor.js'
import {type Shape, tensorType} from './types.js'
import type {Value} from './value.js'

interface CallOptions {
  domain?: string
  name?: string
  /** How many outputs, or their names. `op` returns the first. */
  outputs?: number | readonly (string | undefined)[]
}

/** Writes nodes into a graph: at the end, or in front of the node given as `before`. Used by tests, passes and autodiff alike. */
export class GraphBuilder {
  constructor(
    readonly graph: Graph,
    private readonly place: {before?: Node} = {},
  ) {}

  input(name: string, shape: Shape | undefined, dtype: DType = 'float32'): Value {
    return this.graph.addInput(name, tensorType(dtype, shape))
  }

  output(value: Value): Value {
    this.graph.addOutput(value)
    return value
  }

  constant(tensor: Tensor, name?: string): Value {
    return this.graph.constant(tensor, name)
  }

  /** A float32 constant; rank 1 when no shape is given. */
  floats(values: ArrayLike<number>, shape?: readonly number[], name?: string): Value {
    return this.constant(float32(values, shape), name)
  }

  /** An int64 vector: axes, shapes, indices. */
  ints(values: readonly number[], name?: string): Value {
    return this.constant(int64(values), name)
  }

  scalar(value: number, dtype: Exclude<DType, 'string'> = 'float32', name?: string): Value {
    return this.constant(scalar(dtype, value), name)
  }

  node(
    opType: string,
    inputs: readonly (Value | undefined)[],
    attributes: Readonly<Record<string, AttributeLike>> = {},
    options: CallOptions = {},
  ): Node {
    const parts = {opType, inputs, attributes, ...options}
    return this.place.before ? this.graph.insertBefore(this.place.before, parts) : this.graph.append(parts)
  }

  /** Adds a node and returns its first output. */
  op(
    opType: string,
    inputs: readonly (Value | undefined)[],
    attributes: Readonly<Record<string, AttributeLike>> = {},
    options: CallOptions = {},
  ): Value {
    const [first] = this.node(opType, inputs, attributes, options).outputs
    if (!first) throw new Error(`${opType}: the first output must not be skipped`)
    return first
  }
}
