import {tensorAttribute} from '../../../ir/attribute.js'
import {GraphBuilder} from '../../../ir/build.js'
import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import {ownEntry} from '../../../ir/own-entry.js'
import {float32} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import type {Change, Pass, PassReport, Skip} from '../../pass.js'
import {epsilonNodes} from './float16-epsilon.js'
import {float16Weight} from './float16-weight.js'

/** TensorProto.DataType numbers. */
const [FLOAT, FLOAT16] = [1, 10]
const ZERO = tensorAttribute(float32([0]))

/** Operators that want float32, for exactness or because the runtime has nothing else. */
const KEPT: Readonly<Record<string, string>> = {
  Resize: 'its scales are float32',
  Upsample: 'its scales are float32',
  TopK: 'float16 ties change the order',
  NonMaxSuppression: 'it takes float32 only',
  Range: 'steps add up',
  CumSum: 'sums add up',
  Min: 'the runtime compares in float32',
  Max: 'the runtime compares in float32',
  RoiAlign: 'it takes float32 only',
  QuantizeLinear: 'its scale is float32',
  DequantizeLinear: 'its scale is float32',
  DynamicQuantizeLinear: 'it takes float32 only',
  QLinearConv: 'its scales are float32',
  QLinearMatMul: 'its scales are float32',
  Celu: 'it takes float32 only',
  IsInf: 'float16 holds no large numbers',
  MeanVarianceNormalization: 'it takes float32 only',
  EyeLike: 'it makes float32 only',
  RandomNormal: 'it makes float32 only',
  RandomNormalLike: 'it makes float32 only',
  RandomUniform: 'it makes float32 only',
  RandomUniformLike: 'it makes float32 only',
  HannWindow: 'it makes float32 only',
  HammingWindow: 'it makes float32 only',
  BlackmanWindow: 'it makes float32 only',
  MelWeightMatrix: 'it makes float32 only',
}

/** ONNX Runtime's own operators that take float16 for float32; where a provider has no such kernel, the runtime puts Casts around it. */
const RUNTIME_HALVES: ReadonlySet<string> = new Set([
  ...['Attention', 'MultiHeadAttention', 'GroupQueryAttention', 'RotaryEmbedding', 'EmbedLayerNormalization'],
  ...['SkipLayerNormalization', 'SkipSimplifiedLayerNormalization', 'MatMulNBits', 'GatherBlockQuantized'],
  ...['FusedMatMul', 'Gelu', 'FastGelu', 'QuickGelu', 'BiasGelu'],
])

export interface Float16Options {
  /** Inputs and outputs stay float32, with a Cast behind and in front of them. */
  readonly keepIo: boolean
  /** Results of nodes that stay in float32 besides those that have to, with the reason. */
  readonly keep?: ReadonlyMap<Value, string> | undefined
  /** What makes weights of integers, a Cast and what follows it, stays in float32 up to its end: the runtime folds it at load. */
  readonly keepConstant?: boolean
}

/** The reason why a node has to compute in float32, whatever its values. What holds subgraphs computes nothing itself: its type is theirs. */
export function whyFloat32(node: Node): string | undefined {
  if (node.subgraphs.length > 0) return undefined
  if (node.domain !== '' && !(node.domain === 'com.microsoft' && RUNTIME_HALVES.has(node.opType))) {
    return 'not a standard operator'
  }
  if ([...node.inputs, ...node.outputs].some(holdsSequence)) return 'it holds a sequence of float32 tensors'
  if (node.string('reduction', 'none') !== 'none' && node.opType.startsWith('Scatter')) return 'its sums add up'
  return ownEntry(KEPT, node.opType)
}

/**
 * Turns a float32 graph into a float16 one: constants, inputs, outputs, and every type written in an attribute. Operators that need
 * float32, and excluded ones, get Casts around them. For providers with float16 kernels.
 */
export function computeFloat16(options: Float16Options): Pass {
  return {name: 'float16', run: (graph) => new Converter(graph, options).run()}
}

class Converter {
  readonly #changed: Change[] = []
  readonly #skipped: Skip[] = []
  /** Values that were float32 and now hold float16. */
  readonly #halves = new Set<Value>()
  /** Results of nodes that stay in float32, by the float16 copy that others read. */
  readonly #wides = new Map<Value, Value>()
  readonly #epsilons: ReadonlyMap<Node, string>
  /** Nodes that make weights of stored numbers. */
  readonly #constant = new Set<Node>()

  constructor(
    private readonly graph: Graph,
    private readonly options: Float16Options,
  ) {
    this.#epsilons = epsilonNodes(graph)
  }

  run(): PassReport {
    this.#convertScope(this.graph)
    this.#convertInputs()
    this.#convertOutputs()
    return {changed: this.#changed, skipped: this.#skipped}
  }

  #convertScope(scope: Graph): void {
    for (const value of scope.constants()) this.#markHalf(value)
    for (const value of scope.inputs) this.#markHalf(value)
    for (const node of scope.nodes()) {
      for (const value of node.outputs) if (value) this.#markHalf(value)
    }
    for (const node of scope.nodes()) {
      for (const subgraph of node.subgraphs) this.#convertScope(subgraph)
      this.#convertNode(node)
    }
    for (const value of scope.constants()) this.#convertConstant(value)
  }

  #markHalf(value: Value): void {
    const {type} = value
    if (type?.kind !== 'tensor' || type.dtype !== 'float32') return
    this.#halves.add(value)
    value.type = {...type, dtype: 'float16'}
  }

  #convertNode(node: Node): void {
    const reason = this.#whyKept(node)
    if (reason) {
      this.#keepFloat(node, reason)
      return
    }
    if (this.#isIdle(node)) {
      this.graph.replaceUses(node.outputs[0] as Value, node.inputs[0] as Value)
      node.graph.remove(node)
      return
    }
    // absent it means a float32 zero
    if (node.opType === 'ConstantOfShape' && !node.attributes.has('value')) node.set('value', ZERO)
    for (const name of ['to', 'dtype']) {
      if (node.int(name, undefined) === FLOAT) node.set(name, FLOAT16)
    }
    for (const [name, attribute] of node.attributes) {
      if (attribute.type !== 'tensor' || attribute.value.dtype !== 'float32') continue
      node.set(name, tensorAttribute(float16Weight(attribute.value, `${node.name}.${name}`)))
    }
    this.#changed.push({
      rule: 'float16',
      form: 'float16',
      node: node.name,
      op: node.opType,
      from: 'float32',
      to: 'float16',
    })
  }

  /** A Cast between float types of old casts halves to halves, which ONNX Runtime stumbles over. */
  #isIdle({opType, inputs: [from], outputs: [to]}: Node): boolean {
    if (opType !== 'Cast' || !from || !to || to.isOutput) return false
    return this.#halves.has(from) && this.#halves.has(to)
  }

  #whyKept(node: Node): string | undefined {
    if (node.subgraphs.length > 0) return undefined
    const kept = node.outputs
      .map((value) => value && this.options.keep?.get(value))
      .find((reason) => reason !== undefined)
    return whyFloat32(node) ?? kept ?? this.#epsilons.get(node) ?? this.#whyFolded(node)
  }

  #whyFolded(node: Node): string | undefined {
    if (!this.options.keepConstant) return undefined
    const {inputs, opType} = node
    const isFolded = (value: Value | undefined) => value?.producer !== undefined && this.#isFolded(value.producer)
    const isKnown = inputs.every((value) => !value || value.constant !== undefined || isFolded(value))
    if (!isKnown || (opType !== 'Cast' && !inputs.some(isFolded))) return undefined
    this.#constant.add(node)
    return 'it is computed at load'
  }

  /** Of a node that was kept, or of the Cast behind one. */
  #isFolded(node: Node): boolean {
    const [first] = node.inputs
    return this.#constant.has(node) || (first?.producer !== undefined && this.#constant.has(first.producer))
  }

  /** Casts around a node that computes in float32; its constants stay as they are. */
  #keepFloat(node: Node, reason: string): void {
    const {graph} = node
    let touched = false
    node.inputs.forEach((value, index) => {
      if (!value || !this.#halves.has(value)) return
      touched = true
      const build = new GraphBuilder(graph, {before: node})
      // straight from one to the next: what float16 cannot hold must not go through it
      const known = this.#wides.get(value)
      const copy = () =>
        value.constant ? build.constant(value.constant, value.name) : build.op('Cast', [value], {to: FLOAT})
      graph.setInput(node, index, known ?? copy())
    })
    for (const value of node.outputs) {
      if (!value || !this.#halves.has(value)) continue
      touched = true
      const wide = graph.detach(value)
      wide.type = value.type?.kind === 'tensor' ? {...value.type, dtype: 'float32'} : value.type
      const narrow = graph.insertAfter(node, {opType: 'Cast', inputs: [wide], attributes: {to: FLOAT16}, outputs: 0})
      graph.moveOutput(value, narrow, 0)
      this.#wides.set(value, wide)
    }
    if (touched && !this.#constant.has(node)) this.#skipped.push({node: node.name, op: node.opType, reason})
  }

  #convertConstant(value: Value): void {
    if (!this.#halves.has(value) || !value.constant) return
    if (value.uses.size === 0) value.graph.removeConstant(value)
    else value.graph.setConstant(value, float16Weight(value.constant, value.name))
  }

  #convertInputs(): void {
    if (!this.options.keepIo) return
    const [first] = this.graph.nodes()
    for (const value of this.graph.inputs) {
      if (!this.#halves.has(value) || !first) continue
      this.#setDtype(value, 'float32')
      const build = new GraphBuilder(this.graph, {before: first})
      const uses = [...value.uses]
      const narrow = build.op('Cast', [value], {to: FLOAT16})
      for (const use of uses) {
        if ('node' in use) use.node.graph.setInput(use.node, use.index, narrow)
        else if (use.graph !== this.graph) use.graph.setOutput(use.index, narrow)
      }
    }
  }

  #convertOutputs(): void {
    if (!this.options.keepIo) return
    this.graph.outputs.forEach((value) => {
      if (!this.#halves.has(value) || !value.producer) return
      const half = this.graph.detach(value)
      this.#setDtype(value, 'float32')
      const readers = [...value.uses].flatMap((use) => ('node' in use ? [use] : []))
      const wide = this.graph.append({opType: 'Cast', inputs: [half], attributes: {to: FLOAT}, outputs: 0})
      this.graph.moveOutput(value, wide, 0)
      for (const {node, index} of readers) node.graph.setInput(node, index, half)
    })
  }

  #setDtype(value: Value, dtype: 'float32'): void {
    if (value.type?.kind === 'tensor') value.type = {...value.type, dtype}
  }
}

function holdsSequence(value: Value | undefined): boolean {
  return value?.type?.kind === 'sequence' || value?.type?.kind === 'optional'
}
