import type {SpecOf} from '../../autodiff/backward.js'
import type {Graph} from '../../ir/graph.js'
import type {Node} from '../../ir/node.js'
import type {Value} from '../../ir/value.js'

/** A constant that training may move. */
export interface Parameter {
  readonly value: Value
  /** Weights are shrunk by weight decay, biases and scales are not. */
  readonly role: 'weight' | 'bias'
  /** Names of the nodes that read it as a parameter. */
  readonly readers: readonly string[]
}

/** A constant in a parameter slot that is left as it is, and why. */
export interface FrozenConstant {
  readonly name: string
  readonly reason: string
}

export interface ParameterSelection {
  readonly trainable: readonly Parameter[]
  readonly frozen: readonly FrozenConstant[]
}

/** Names of constants or of the nodes that read them. */
export type IsFrozen = (name: string) => boolean

/**
 * What a model can learn: float32 constants of rank 1 or more that an operator takes as its weight or bias, by its record.
 * Scalars, masks and the constants of shape arithmetic never are, nor what is added to or multiplied with an input before any layer:
 * it prepares the input. A constant that is anyone's weight counts as a weight.
 *
 * @param graph with its biases untied, see `untieConstants`; not modified.
 * @param isFrozen what the user wants left alone.
 */
export function selectParameters(graph: Graph, specOf: SpecOf, isFrozen: IsFrozen = () => false): ParameterSelection {
  const found = new Map<Value, {role: Parameter['role']; readers: Set<string>}>()
  const preparing = preparingNodes(graph, specOf)
  for (const node of graph.allNodes()) {
    for (const {value, role} of preparing.has(node) ? [] : parameterSlots(node, specOf, REARRANGING)) {
      const entry = found.get(value) ?? {role, readers: new Set()}
      entry.readers.add(node.name)
      found.set(value, role === 'weight' ? {...entry, role} : entry)
    }
  }
  const trainable: Parameter[] = []
  const frozen: FrozenConstant[] = []
  for (const [value, {role, readers}] of found) {
    const reason = whyFrozen(value, graph, [value.name, ...readers], isFrozen)
    if (reason === undefined) trainable.push({value, role, readers: [...readers]})
    else if (reason !== SCALAR) frozen.push({name: value.name, reason})
  }
  return {trainable, frozen}
}

const ARITHMETIC: ReadonlySet<string> = new Set(['Add', 'Sub', 'Mul', 'Div'])

/** Arithmetic that no layer stands before: a mean taken off pixels, a mask made of zeros and ones. */
function preparingNodes(graph: Graph, specOf: SpecOf): Set<Node> {
  const behindLayers = new Set<Value>()
  const preparing = new Set<Node>()
  for (const node of graph.nodes()) {
    const isArithmetic = node.domain === '' && ARITHMETIC.has(node.opType)
    const isLayer = !isArithmetic && parameterSlots(node, specOf, REARRANGING).length > 0
    if (isLayer || node.inputs.some((value) => value && behindLayers.has(value))) {
      for (const value of node.outputs) if (value) behindLayers.add(value)
    } else if (isArithmetic) preparing.add(node)
  }
  return preparing
}

const SCALAR = 'a scalar'

function whyFrozen(value: Value, graph: Graph, names: readonly string[], isFrozen: IsFrozen): string | undefined {
  const {dtype, shape = []} = value.constant ?? {}
  if (shape.length === 0) return SCALAR
  if (dtype !== 'float32') return `its elements are ${dtype}: training takes float32`
  if (value.graph !== graph) return 'it stands inside a subgraph'
  return names.some(isFrozen) ? 'frozen as asked' : undefined
}

const COPYING: ReadonlySet<string> = new Set(['Identity'])
/** A weight behind these is the same numbers in another order, or rounded in place: training moves it all the same. */
const REARRANGING: ReadonlySet<string> = new Set([
  ...['Identity', 'Reshape', 'Transpose'],
  ...['QuantizeLinear', 'DequantizeLinear'],
])

/** Constants in the weight and bias slots of a node, through operators of some types. */
function parameterSlots(
  node: Node,
  specOf: SpecOf,
  through = COPYING,
): {value: Value; index: number; role: Parameter['role']}[] {
  const {weights = [], biases = []} = specOf(node)?.parameters ?? {}
  const slots = [
    ...weights.map((index) => ({index, role: 'weight' as const})),
    ...biases.map((index) => ({index, role: 'bias' as const})),
  ]
  return slots.flatMap(({index, role}) => {
    const value = sourceOf(node.inputs[index], through)
    return value?.constant ? [{value, index, role}] : []
  })
}

/** What a value is made from by operators of some types alone. */
function sourceOf(value: Value | undefined, through = COPYING): Value | undefined {
  let source = value
  while (source?.producer?.domain === '' && through.has(source.producer.opType)) source = source.producer.inputs[0]
  return source
}

/** A constant that was made of another one's contents, for some of its readers. */
export interface Untied {
  readonly copy: Value
  readonly original: Value
}

/**
 * Gives every layer a bias of its own, and every BatchNormalization running statistics of its own. Exporters store equal ones once
 * (`Identity(other.bias)`, or one initializer for all); trained like that they would learn from each other. A bias stays shared
 * where the weight beside it is shared too: that is one layer used twice. Larger tensors are never untied: there, sharing is meant.
 *
 * @returns the constants that were made. The graph computes what it computed.
 */
export function untieConstants(graph: Graph, specOf: SpecOf): Untied[] {
  const owners = new Map<Value, unknown>()
  const copies = new Map<Value, Map<unknown, Value>>()
  const made: Untied[] = []
  for (const node of graph.nodes()) {
    const slots = parameterSlots(node, specOf)
    const weight = slots.find(({role}) => role === 'weight')?.value
    for (const {value, index, role} of [...slots, ...statisticSlots(node)]) {
      if (role === 'weight' || value.constant?.shape.length !== 1) continue
      // a normalization has no weight: each of its slots is an owner by itself
      const key: unknown = weight ?? `${node.name}:${index}`
      if (!owners.has(value)) owners.set(value, key)
      const own = owners.get(value) === key ? value : ownCopy(graph, value, {key, copies, made})
      if (node.inputs[index] !== own) graph.setInput(node, index, own)
    }
  }
  return made
}

/** Mean and variance of a BatchNormalization. */
function statisticSlots(node: Node): {value: Value; index: number; role: 'statistic'}[] {
  if (node.opType !== 'BatchNormalization' || node.domain !== '') return []
  return [3, 4].flatMap((index) => {
    const value = sourceOf(node.inputs[index])
    return value?.constant ? [{value, index, role: 'statistic' as const}] : []
  })
}

interface Copies {
  readonly key: unknown
  readonly copies: Map<Value, Map<unknown, Value>>
  readonly made: Untied[]
}

function ownCopy(graph: Graph, value: Value, {key, copies, made}: Copies): Value {
  const ofValue = copies.get(value) ?? new Map<unknown, Value>()
  copies.set(value, ofValue)
  const known = ofValue.get(key)
  if (known) return known
  if (!value.constant) throw new TypeError(`'${value.name}' is not a constant`)
  const copy = graph.constant(value.constant, value.name)
  ofValue.set(key, copy)
  made.push({copy, original: value})
  return copy
}

/** Takes back what `untieConstants` made where the contents are still, or again, the same: a file need not hold them twice. */
export function tieEqual(graph: Graph, untied: readonly Untied[]): void {
  const kept = new Map<Value, Value[]>()
  for (const {copy, original} of untied) {
    const others = kept.get(original) ?? [original]
    const twin = others.find((other) => hasSameContents(other, copy))
    kept.set(original, twin ? others : [...others, copy])
    if (!twin) continue
    graph.replaceUses(copy, twin)
    graph.removeConstant(copy)
  }
}

/** Both are vectors of numbers. */
function hasSameContents(a: Value, b: Value): boolean {
  const [own, other] = [a.constant?.read(), b.constant?.read()]
  return own?.length === other?.length && own?.every((element, index) => Object.is(element, other?.[index])) === true
}
