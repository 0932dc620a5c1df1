import {MoptError} from '../../errors.js'
import {axisFromStart} from '../../ir/axis-from-start.js'
import {copyGraph} from '../../ir/copy-graph.js'
import {type Dim, mulDims, sameDim} from '../../ir/dim.js'
import type {Graph} from '../../ir/graph.js'
import type {Model} from '../../ir/model.js'
import type {Node} from '../../ir/node.js'
import {tensorType} from '../../ir/types.js'
import type {Value} from '../../ir/value.js'
import {type Inference, inferModel} from '../../ops/infer-graph.js'

/** What must hold between two sizes for the graph to run. `broadcast`: equal, or one of them 1; `divides`: left is a multiple of right. */
export interface SizeRelation {
  readonly kind: 'equal' | 'broadcast' | 'divides'
  readonly left: number | string
  readonly right: number | string
}

export interface SizeRelations {
  /** input name → its sizes; a free one without a name has the name of its place, `?x/1`. */
  readonly inputs: ReadonlyMap<string, readonly (number | string)[]>
  readonly relations: readonly SizeRelation[]
  /** Sizes of intermediate tensors, none of which may fall below 1. */
  readonly positive: readonly string[]
  /** Height and width of what convolutions give, in execution order. */
  readonly maps: readonly (readonly [height: Dim, width: Dim])[]
  /** Shapes of the outputs; undefined for an unknown rank. */
  readonly outputs: readonly (readonly Dim[] | undefined)[]
}

const BROADCASTING: ReadonlySet<string> = new Set([
  ...['Add', 'Sub', 'Mul', 'Div', 'Pow', 'Mod', 'PRelu', 'Where', 'Sum', 'Mean', 'Max', 'Min', 'And', 'Or', 'Xor'],
  ...['Equal', 'Less', 'Greater', 'LessOrEqual', 'GreaterOrEqual', 'BitwiseAnd', 'BitwiseOr', 'BitwiseXor'],
])

/** Sizes that are known from elsewhere than the model. */
export interface KnownSizes {
  /** input name → whole shape; 0 where nothing is known */
  readonly shapes: Readonly<Record<string, readonly number[]>>
  /** name → size */
  readonly dims: Readonly<Record<string, number>>
}

/** Names that turn out to be one show what was hidden behind their sum; a second look rarely shows more. */
const MAX_ROUNDS = 3

/**
 * What the operators of a graph ask of the free sizes of its inputs, by symbolic shape inference on a copy: operands that must be
 * equal, sizes that must be 1 where they are squeezed, products that a Reshape or a Gemm fixes. Names that must be equal become one.
 *
 * @param model types inferred; it is not changed.
 */
export function sizeRelations(model: Model, known: KnownSizes): SizeRelations {
  const same = new Map<string, string>()
  for (let round = 1; ; round++) {
    const relations = inferRelations(model, known, same)
    const before = same.size
    for (const {kind, left, right} of relations.relations) {
      if (kind !== 'divides' && relations.names.has(left) && relations.names.has(right))
        same.set(String(right), String(left))
    }
    if (same.size === before || round === MAX_ROUNDS) return relations
  }
}

function inferRelations(
  model: Model,
  known: KnownSizes,
  same: ReadonlyMap<string, string>,
): SizeRelations & {readonly names: ReadonlySet<number | string>} {
  const graph = copyGraph(model.graph)
  const copy = {...model, graph, warnings: [], opsets: new Map(model.opsets)}
  const inputs = new Map(
    graph.inputs.map((value, index) => {
      const name = model.graph.inputs[index]?.name ?? value.name
      return [name, nameSizes(value, known, known.shapes[name], same)] as const
    }),
  )
  const names = new Set([...inputs.values()].flat().filter((size) => typeof size === 'string'))
  try {
    return {inputs, names, ...collect(graph, inferModel(copy))}
  } catch (error) {
    // nothing can be told of a graph that contradicts itself: running it will say why
    if (error instanceof MoptError) return {inputs, names, relations: [], positive: [], maps: [], outputs: []}
    throw error
  } finally {
    graph.dissolve()
  }
}

function nameSizes(
  value: Value,
  {dims}: KnownSizes,
  shape: readonly number[] | undefined,
  same: ReadonlyMap<string, string>,
): (number | string)[] {
  if (value.type?.kind !== 'tensor' || !value.type.shape) return []
  const sizes = value.type.shape.map((size, axis) => {
    if (typeof size === 'number') return size
    const name = size ?? `?${value.name}/${axis}`
    return shape?.[axis] || (Object.hasOwn(dims, name) ? (dims[name] as number) : representative(name, same))
  })
  value.type = tensorType(value.type.dtype, sizes)
  return sizes
}

function representative(name: string, same: ReadonlyMap<string, string>): string {
  let found = name
  const seen = new Set<string>()
  for (let next = same.get(found); next !== undefined && !seen.has(next); next = same.get(found)) {
    seen.add(next)
    found = next
  }
  return found
}

function collect(graph: Graph, inference: Inference): Omit<SizeRelations, 'inputs'> {
  const found = new Map<string, SizeRelation>()
  const positive = new Set<string>()
  // what an If or a Loop holds may never run
  for (const node of graph.nodes()) {
    for (const [kind, left, right] of relationsOf(node, inference)) {
      if (left === undefined || right === undefined || sameDim(left, right)) continue
      if (typeof left === 'number' && typeof right === 'number') continue
      if (kind === 'broadcast' && (left === 1 || right === 1)) continue
      found.set(`${kind} ${left} ${right}`, {kind, left, right})
    }
    for (const value of node.outputs)
      for (const size of shapeOf(value) ?? []) if (typeof size === 'string') positive.add(size)
  }
  const convolved = graph.nodes().filter(({opType}) => /^(QLinear|Fused)?Conv(Integer)?$/.test(opType))
  const maps = convolved.flatMap(({outputs: [value]}) => {
    const [, , height, width] = shapeOf(value) ?? []
    return height === undefined || width === undefined ? [] : [[height, width] as const]
  })
  return {relations: [...found.values()], positive: [...positive], maps, outputs: graph.outputs.map(shapeOf)}
}

type Related = readonly [kind: SizeRelation['kind'], left: Dim, right: Dim]

function relationsOf(node: Node, inference: Inference): Related[] {
  if (node.domain !== '') return []
  const shapes = node.inputs.map(shapeOf)
  const [first, second] = shapes
  if (BROADCASTING.has(node.opType)) return broadcasts(shapes)
  switch (node.opType) {
    case 'Concat':
      return concats(shapes, node.int('axis', 0))
    case 'MatMul':
      if (!first || !second || first.length < 2 || second.length < 2) return []
      return [['equal', first.at(-1), second.at(-2)], ...broadcasts([first.slice(0, -2), second.slice(0, -2)])]
    case 'Gemm':
      return [['equal', first?.[1 - node.int('transA', 0)], second?.[node.int('transB', 0)]]]
    case 'Conv':
      return [['equal', first?.[1], mulDims(second?.[1], node.int('group', 1))]]
    case 'Squeeze':
      return squeezes(node, first, inference)
    case 'Reshape':
      return reshapes(first, inference.contentsOf(node.inputs[1]))
    case 'LSTM':
    case 'GRU':
    case 'RNN':
      return node.int('layout', 0) === 0
        ? shapes.slice(5, 7).map((state) => ['equal', first?.[1], state?.[1]] as const)
        : []
    default:
      return []
  }
}

type Sizes = readonly Dim[] | undefined

function shapeOf(value: Value | undefined): Sizes {
  if (value?.constant) return value.constant.shape
  return value?.type?.kind === 'tensor' ? value.type.shape : undefined
}

function broadcasts(shapes: readonly Sizes[]): Related[] {
  const known = shapes.filter((shape) => shape !== undefined)
  return known.flatMap((left, index) =>
    known.slice(index + 1).flatMap((right) =>
      Array.from({length: Math.min(left.length, right.length)}, (_, back): Related => {
        return ['broadcast', left.at(-1 - back), right.at(-1 - back)]
      }),
    ),
  )
}

function concats([first, ...others]: readonly Sizes[], axis: number): Related[] {
  if (!first) return []
  const along = axisFromStart(axis, first.length)
  return others.flatMap((other) =>
    first.flatMap((size, at): Related[] => (at === along || !other ? [] : [['equal', size, other[at]]])),
  )
}

function squeezes(node: Node, shape: Sizes, {contentsOf}: Inference): Related[] {
  const axes = node.attributes.has('axes') ? node.ints('axes', []) : (contentsOf(node.inputs[1]) ?? [])
  return axes.map((axis) => ['equal', typeof axis === 'number' ? shape?.at(axis) : undefined, 1])
}

function reshapes(from: Sizes, target: readonly Dim[] | undefined): Related[] {
  if (!from || !target) return []
  const sizes = target.map((size, axis) => (size === 0 ? from[axis] : size))
  const fixed = sizes.filter((size) => size !== -1)
  const all = mulDims(1, ...from)
  return [[fixed.length === sizes.length ? 'equal' : 'divides', all, mulDims(1, ...fixed)]]
}
