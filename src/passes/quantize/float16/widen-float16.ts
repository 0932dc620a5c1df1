import {UnsupportedError} from '../../../errors.js'
import {tensorAttribute} from '../../../ir/attribute.js'
import {GraphBuilder} from '../../../ir/build.js'
import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import type {ValueType} from '../../../ir/types.js'
import type {Value} from '../../../ir/value.js'
import {widened} from '../../../ir/widened.js'
import {dtypeOf} from '../../../ops/operand.js'
import type {Pass, PassReport, Skip} from '../../pass.js'

/** TensorProto.DataType numbers. */
const [FLOAT, FLOAT16] = [1, 10]
/** Attributes that name the element type of a result or of the arithmetic. */
const TYPE_ATTRIBUTES = [
  'to',
  'dtype',
  'output_dtype',
  'output_datatype',
  'precision',
  'softmax_precision',
  'stash_type',
]
/** Domains whose operators compute in float32 as well as in float16. */
const BOTH: ReadonlySet<string> = new Set(['', 'com.microsoft'])

/**
 * Turns float16 constants, and the float16 graph around them, into float32, exactly: what quantization has kernels for. Inputs and
 * outputs of the model keep their types, behind Casts. Operators that look at the bits, or of which nobody knows whether they take
 * float32, get Casts around them. Needs the types of `inferModel`.
 *
 * @throws UnsupportedError for an input or output that is a sequence, map or optional of float16.
 */
export const widenFloat16: Pass = {name: 'widen-float16', run: (graph) => new Widener(graph).run()}

class Widener {
  readonly #skipped: Skip[] = []
  /** Values that were float16 and now hold float32. */
  readonly #widened = new Set<Value>()
  #constants = 0

  constructor(private readonly graph: Graph) {}

  run(): PassReport {
    const {graph} = this
    for (const value of [...graph.inputs, ...graph.outputs]) requireTensor(value)
    const kept = [...graph.inputs, ...graph.constants().filter((value) => graph.outputs.includes(value))].filter(isHalf)
    this.#mark(graph, new Set(kept))
    for (const value of kept) this.#castBehind(value)
    this.#widenScope(graph, new Set(kept))
    for (const value of new Set(graph.outputs)) if (this.#widened.has(value)) this.#keepOutput(value)
    const {size} = this.#widened
    const summary = {rule: 'widen-float16', from: 'float16', to: 'float32', count: this.#constants}
    return {changed: size > 0 ? [summary] : [], skipped: this.#skipped}
  }

  #mark(scope: Graph, kept: ReadonlySet<Value>): void {
    const made = scope.nodes().flatMap(({outputs}) => outputs.filter((value) => value !== undefined))
    for (const value of [...scope.inputs, ...scope.constants(), ...made]) {
      if (kept.has(value) || !holdsHalf(value.type)) continue
      this.#widened.add(value)
      value.type = wideType(value.type)
    }
    for (const node of scope.nodes()) for (const body of node.subgraphs) this.#mark(body, kept)
  }

  #widenScope(scope: Graph, kept: ReadonlySet<Value>): void {
    for (const node of scope.nodes()) {
      for (const body of node.subgraphs) this.#widenScope(body, kept)
      if (needsHalf(node)) this.#keepHalf(node)
      else widenAttributes(node)
    }
    for (const value of scope.constants()) {
      if (value.constant?.dtype !== 'float16' || kept.has(value)) continue
      if (!this.#widened.has(value)) continue
      this.#constants++
      if (value.uses.size === 0) scope.removeConstant(value)
      else scope.setConstant(value, widened(value.constant))
    }
  }

  /** Whoever reads an input reads it in float32. */
  #castBehind(value: Value): void {
    const [first] = this.graph.nodes()
    if (!first) return
    const uses = [...value.uses]
    const wide = new GraphBuilder(this.graph, {before: first}).op('Cast', [value], {to: FLOAT})
    wide.type = wideType(value.type)
    this.#widened.add(wide)
    for (const use of uses) {
      if ('node' in use) use.node.graph.setInput(use.node, use.index, wide)
      else if (use.graph !== this.graph) use.graph.setOutput(use.index, wide)
    }
  }

  #keepOutput(value: Value): void {
    const {graph} = this
    if (!value.producer) return
    const wide = graph.detach(value)
    wide.type = value.type
    value.type = halfType(value.type)
    const readers = [...value.uses]
    const narrow = graph.append({opType: 'Cast', inputs: [wide], attributes: {to: FLOAT16}, outputs: 0})
    graph.moveOutput(value, narrow, 0)
    for (const use of readers) {
      if ('node' in use) use.node.graph.setInput(use.node, use.index, wide)
      else if (use.graph !== graph) use.graph.setOutput(use.index, wide)
    }
  }

  #keepHalf(node: Node): void {
    const {graph} = node
    const touched = [...node.inputs, ...node.outputs].some((value) => value && this.#widened.has(value))
    if (!touched) return
    const build = new GraphBuilder(graph, {before: node})
    node.inputs.forEach((value, index) => {
      if (!value || !this.#widened.has(value)) return
      const half = value.constant
        ? build.constant(value.constant, value.name)
        : build.op('Cast', [value], {to: FLOAT16})
      graph.setInput(node, index, half)
    })
    for (const value of node.outputs) {
      if (!value || !this.#widened.has(value)) continue
      const half = graph.detach(value)
      half.type = halfType(value.type)
      const wide = graph.insertAfter(node, {opType: 'Cast', inputs: [half], attributes: {to: FLOAT}, outputs: 0})
      graph.moveOutput(value, wide, 0)
    }
    this.#skipped.push({node: node.name, op: node.opType, reason: 'it is not known to compute in float32'})
  }
}

/** What holds subgraphs computes nothing itself: its type is theirs. */
function needsHalf({domain, opType, subgraphs}: Node): boolean {
  return subgraphs.length === 0 && (!BOTH.has(domain) || opType === 'BitCast')
}

function widenAttributes(node: Node): void {
  for (const name of TYPE_ATTRIBUTES) if (node.int(name, undefined) === FLOAT16) node.set(name, FLOAT)
  // until opset 5 a Cast names its type
  if (node.string('to', undefined) === 'FLOAT16') node.set('to', 'FLOAT')
  for (const [name, attribute] of node.attributes) {
    if (attribute.type !== 'tensor' || attribute.value.dtype !== 'float16') continue
    node.set(name, tensorAttribute(widened(attribute.value)))
  }
}

function requireTensor({name, type}: Value): void {
  if (type?.kind === 'tensor' || !holdsHalf(type)) return
  throw new UnsupportedError(`'${name}': expected float16 tensors, got a ${type?.kind} of them`, {
    hint: 'Export the model with float32 weights',
  })
}

function isHalf(value: Value): boolean {
  return dtypeOf(value) === 'float16'
}

function holdsHalf(type: ValueType | undefined): boolean {
  if (type?.kind === 'sequence' || type?.kind === 'optional') return holdsHalf(type.element)
  if (type?.kind === 'map') return holdsHalf(type.value)
  return type?.kind === 'tensor' && type.dtype === 'float16'
}

function wideType(type: ValueType | undefined): ValueType | undefined {
  if (type?.kind === 'sequence' || type?.kind === 'optional') return {...type, element: wideType(type.element)}
  if (type?.kind === 'map') return {...type, value: wideType(type.value)}
  return type?.kind === 'tensor' && type.dtype === 'float16' ? {...type, dtype: 'float32'} : type
}

function halfType(type: ValueType | undefined): ValueType | undefined {
  return type?.kind === 'tensor' ? {...type, dtype: 'float16'} : type
}
