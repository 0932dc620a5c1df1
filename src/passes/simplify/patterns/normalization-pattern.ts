import type {Node} from '../../../ir/node.js'
import {elementCount} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import {dtypeOf, shapeOf} from '../../../ops/operand.js'
import {axesOf} from '../rules/fuse-global-average-pool.js'
import {isClose, numberOf, numberOperation} from './number-operand.js'

/** `(x − mean(x)) / √(mean((x − mean(x))²) + ε) · scale + offset`, or the same without the mean (RMS), as separate nodes. */
export interface NormalizationPattern {
  readonly data: Value
  /** First normalized axis, negative. */
  readonly axis: number
  readonly epsilon: number
  readonly isCentred: boolean
  readonly scale: Value | undefined
  readonly offset: Value | undefined
  /** Nodes that the pattern consists of, the one that gives the result last. */
  readonly nodes: readonly Node[]
}

/**
 * The pattern whose division is this node; undefined when it divides something else. Casts inside are looked through.
 *
 * @returns a reason when it is one, but something inside is used elsewhere too.
 */
export function normalizationPattern(division: Node): NormalizationPattern | string | undefined {
  const [left, right] = division.inputs
  const isProduct = division.opType === 'Mul'
  const found =
    new Matcher(division, isProduct).match(left, right) ??
    (isProduct ? new Matcher(division, isProduct).match(right, left) : undefined)
  if (!found) return undefined
  const {nodes, ...core} = withAffine(found, division)
  const last = nodes.at(-1)
  if (dtypeOf(core.data) !== dtypeOf(last?.outputs[0])) return 'it changes the type of its input'
  const inner = nodes.filter((node) => node !== last)
  const leak = inner.find((node) => node.outputs.some((value) => value && isUsedOutside(value, nodes)))
  if (leak) return `the result of ${leak.opType} '${leak.name}' inside the pattern is used elsewhere`
  return {...core, nodes}
}

type Core = Omit<NormalizationPattern, 'scale' | 'offset'>

class Matcher {
  readonly #nodes: Node[] = []

  constructor(
    private readonly division: Node,
    private readonly isProduct: boolean,
  ) {}

  /** `numerator / √(…)` or `numerator · (1/√(…))`. */
  match(numerator: Value | undefined, divisor: Value | undefined): Core | undefined {
    return this.#normalized(numerator, this.#root(this.isProduct ? this.#reciprocal(divisor) : divisor))
  }

  #normalized(numerator: Value | undefined, sum: Value | undefined): Core | undefined {
    const add = this.#produced(sum, 'Add')
    const added = numberOperation(add)
    const variance = this.#produced(added?.data, 'ReduceMean')
    const square = this.#through(variance?.inputs[0])
    const base = square && this.#squared(square)
    if (!variance || !added || !base || !numerator || !(added.number > 0)) return undefined
    const difference = this.#through(numerator)?.producer
    const centred = difference?.opType === 'Sub' ? this.#centred(difference) : undefined
    const [data, mean] = centred ? [centred.data, centred.mean] : [numerator, undefined]
    const axis = trailingAxis(variance, data)
    if (axis === undefined || (mean && trailingAxis(mean, data) !== axis)) return undefined
    if (centred ? !this.#isCentred(base, centred) : base !== numerator) return undefined
    this.#nodes.push(this.division)
    return {data, axis, epsilon: added.number, isCentred: mean !== undefined, nodes: [...new Set(this.#nodes)]}
  }

  #centred(sub: Node): {data: Value; mean: Node} | undefined {
    const [data] = sub.inputs
    const mean = this.#produced(sub.inputs[1], 'ReduceMean')
    if (!data || mean?.inputs[0] !== data) return undefined
    this.#nodes.push(sub)
    return {data, mean}
  }

  /** Some exporters compute the difference twice. */
  #isCentred(base: Value, {data, mean}: {data: Value; mean: Node}): boolean {
    const sub = this.#produced(this.#through(base), 'Sub')
    return sub?.inputs[0] === data && sub.inputs[1] === mean.outputs[0]
  }

  #squared(value: Value): Value | undefined {
    const node = value.producer
    const [left, right] = node?.inputs ?? []
    const isSquare = node?.opType === 'Pow' ? isClose(numberOf(right), 2) : node?.opType === 'Mul' && left === right
    if (!node || !isSquare) return undefined
    this.#nodes.push(node)
    return this.#through(left)
  }

  #root(value: Value | undefined): Value | undefined {
    const plain = this.#through(value)
    const node = plain?.producer
    const isRoot = node?.opType === 'Sqrt' || (node?.opType === 'Pow' && numberOf(node.inputs[1]) === 0.5)
    if (!node || !isRoot) return undefined
    this.#nodes.push(node)
    return node.inputs[0]
  }

  #reciprocal(value: Value | undefined): Value | undefined {
    const node = value?.producer
    if (node?.opType === 'Reciprocal') {
      this.#nodes.push(node)
      return node.inputs[0]
    }
    if (node?.opType !== 'Div' || numberOf(node.inputs[0]) !== 1) return undefined
    this.#nodes.push(node)
    return node.inputs[1]
  }

  #produced(value: Value | undefined, opType: string): Node | undefined {
    const node = value?.producer
    if (node?.opType !== opType || node.domain !== '') return undefined
    this.#nodes.push(node)
    return node
  }

  /** Casts inside only widen the arithmetic. */
  #through(value: Value | undefined): Value | undefined {
    const node = value?.producer
    if (node?.opType !== 'Cast' || node.domain !== '') return value
    this.#nodes.push(node)
    return node.inputs[0]
  }
}

/** The first of the trailing axes that a mean runs over, negative; undefined when it runs over others, or drops them. */
function trailingAxis(mean: Node, data: Value): number | undefined {
  const axes = axesOf(mean)
  const rank = shapeOf(data)?.length
  if (!axes || axes.length === 0 || mean.int('keepdims', 1) !== 1) return undefined
  if (rank === undefined && axes.some((axis) => axis >= 0)) return undefined
  const fromEnd = axes.map((axis) => (axis < 0 ? axis : axis - (rank ?? 0))).sort((a, b) => b - a)
  return fromEnd.every((axis, i) => axis === -1 - i) ? -fromEnd.length : undefined
}

/** Takes in the Mul and the Add behind the division whose constants have the normalized shape. */
function withAffine(core: Core, division: Node): NormalizationPattern {
  const sizes = shapeOf(core.data)?.slice(core.axis)
  const nodes = [...core.nodes]
  const mul = affineBehind(division, 'Mul', sizes)
  if (mul) nodes.push(mul.node)
  const add = core.isCentred && mul ? affineBehind(mul.node, 'Add', sizes) : undefined
  if (add) nodes.push(add.node)
  return {...core, nodes, scale: mul?.constant, offset: add?.constant}
}

function affineBehind(
  node: Node,
  opType: string,
  sizes: readonly unknown[] | undefined,
): {node: Node; constant: Value} | undefined {
  const result = node.outputs[0]
  const [next] = result?.consumers ?? []
  if (result?.uses.size !== 1 || next?.opType !== opType || next.graph !== node.graph) return undefined
  const constant = next.inputs.find((value) => value?.constant)
  const shape = constant?.constant?.shape
  if (!constant || !shape || !sizes) return undefined
  // leading axes of size 1 change nothing as long as they are not more than the data has
  const own = shape.slice(-sizes.length)
  const fits = own.length === sizes.length && own.every((size, axis) => size === sizes[axis])
  return fits && elementCount(shape) === elementCount(own) && shape.length === own.length
    ? {node: next, constant}
    : undefined
}

function isUsedOutside(value: Value, nodes: readonly Node[]): boolean {
  return value.isOutput || value.consumers.some((node) => !nodes.includes(node))
}
