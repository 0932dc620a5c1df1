import {join} from 'node:path'
import {openModel} from '../../io/open-model.js'
import {writeVariant} from '../../io/write-variant.js'
import {BITS} from '../../ir/dtype.js'
import type {Graph} from '../../ir/graph.js'
import type {Node} from '../../ir/node.js'
import {elementCount} from '../../ir/tensor.js'
import type {Use, Value} from '../../ir/value.js'
import {inferModel} from '../../ops/infer-graph.js'
import type {ModelStage} from '../../runtime/session/staged-session.js'

/** Models of fewer bytes are run whole. */
export const BIG_BYTES = 512e6
/** Weights of a stage. */
const STAGE_BYTES = 128e6

/**
 * Cuts a model into stretches of nodes with bounded weights, each a file of its own, for a run that never holds all weights at once.
 *
 * @param folder for the files; together they are as large as the model.
 * @returns undefined for a model that cannot be cut: something other than a tensor of known type crosses, or an output is no node's.
 */
export async function writeStages(
  path: string,
  folder: string,
  stageBytes = STAGE_BYTES,
): Promise<ModelStage[] | undefined> {
  const ends = await endsOf(path, stageBytes)
  const stages: ModelStage[] = []
  for (const [index, end] of (ends ?? []).entries()) {
    const target = join(folder, `stage-${index}.onnx`)
    const span = {start: ends?.[index - 1] ?? 0, end}
    const change = ({model}: Awaited<ReturnType<typeof openModel>>) => {
      inferModel(model)
      return cut(model.graph, span)
    }
    stages.push({path: target, ...(await writeVariant(path, target, change, {externalData: 'always'}))})
  }
  return stages.length > 1 ? stages : undefined
}

/** Where stages end, as counts of nodes. */
async function endsOf(path: string, stageBytes: number): Promise<number[] | undefined> {
  const file = await openModel(path)
  try {
    const {model} = file
    inferModel(model)
    const ends = stageEnds(model.graph.nodes(), stageBytes)
    return canBeCut(model.graph, ends) ? ends : undefined
  } finally {
    file.close()
  }
}

function stageEnds(nodes: readonly Node[], stageBytes: number): number[] {
  const ends: number[] = []
  let held = new Set<Value>()
  for (const [index, node] of nodes.entries()) {
    const own = weightsOf(node)
    const all = new Set([...held, ...own])
    const isFull = held.size > 0 && bytesOf(all) > stageBytes && bytesOf(own) > 0
    if (isFull) ends.push(index)
    held = isFull ? new Set(own) : all
  }
  return [...ends, nodes.length]
}

/** Constants that a node reads, those in its branches included. */
function weightsOf(node: Node): Value[] {
  const all = [node, ...node.subgraphs.flatMap((body) => body.allNodes())]
  const bodies = all.flatMap(({subgraphs}) => subgraphs.flatMap((body) => body.constants()))
  return [...bodies, ...all.flatMap(({inputs}) => inputs.filter((value) => value?.constant !== undefined))] as Value[]
}

function bytesOf(values: Iterable<Value>): number {
  return [...values].reduce((sum, {constant}) => sum + (constant ? bytesIn(constant) : 0), 0)
}

function bytesIn({dtype, shape}: NonNullable<Value['constant']>): number {
  return dtype === 'string' ? 0 : (elementCount(shape) * BITS[dtype]) / 8
}

function canBeCut(graph: Graph, ends: readonly number[]): boolean {
  const {places, lastUse} = new Places(graph)
  const stageOf = (index: number) => ends.findIndex((end) => index < end)
  const isTensor = ({type}: Value) => type?.kind === 'tensor' && type.dtype !== undefined
  const crossing = graph.nodes().flatMap((node) => {
    const stage = stageOf(places.get(node) as number)
    return node.outputs.filter((value) => value && (value.isOutput || stageOf(lastUse(value)) > stage))
  }) as Value[]
  return graph.outputs.every(({producer}) => producer !== undefined) && crossing.every(isTensor)
}

/** Where values are used, as places of the main graph's nodes. */
class Places {
  readonly places = new Map<Node, number>()
  readonly #bodies = new Map<Graph, number>()

  constructor(readonly graph: Graph) {
    for (const [index, node] of graph.nodes().entries()) this.#add(node, index)
  }

  readonly lastUse = (value: Value): number => Math.max(-1, ...this.of(value))

  of(value: Value): number[] {
    return [...value.uses].flatMap((use: Use) => {
      const place = 'node' in use ? this.places.get(use.node) : this.#bodies.get(use.graph)
      return place === undefined ? [] : [place]
    })
  }

  #add(node: Node, index: number): void {
    this.places.set(node, index)
    for (const body of node.subgraphs) {
      this.#bodies.set(body, index)
      for (const inner of body.nodes()) this.#add(inner, index)
    }
  }
}

interface Span {
  readonly start: number
  readonly end: number
}

/** Leaves no more than a stretch of a graph: what comes into it becomes an input, what goes out of it an output. */
function cut(graph: Graph, {start, end}: Span): Omit<ModelStage, 'path'> {
  const [nodes, places] = [graph.nodes(), new Places(graph)]
  const isInside = (place: number) => place >= start && place < end
  const made = (some: readonly Node[]) => some.flatMap(({outputs}) => outputs.filter((value) => value !== undefined))
  const entering = made(nodes.slice(0, start)).filter((value) => places.of(value).some(isInside))
  const results = new Set(graph.outputs)
  const leaving = made(nodes.slice(start, end)).filter((value) => results.has(value) || places.lastUse(value) >= end)
  while (graph.outputs.length > 0) graph.dropOutput()
  for (const value of leaving) graph.addOutput(value)
  for (const node of nodes.slice(end).reverse()) graph.remove(node)
  const inputs = entering.map((value, index) => {
    const input = graph.addInput(`mopt_stage_${start}_${index}`, value.type)
    graph.replaceUses(value, input)
    return [input.name, value.name] as const
  })
  for (const node of nodes.slice(0, start).reverse()) graph.remove(node)
  for (const constant of graph.constants()) if (constant.uses.size === 0) graph.removeConstant(constant)
  const entered = new Set(inputs.map(([name]) => name))
  const own = graph.inputs.filter(({name, uses}) => uses.size > 0 && !entered.has(name))
  graph.inputs.splice(0, graph.inputs.length, ...graph.inputs.filter(({uses}) => uses.size > 0))
  return {
    inputs: [...own.map(({name}) => [name, name] as const), ...inputs],
    outputs: leaving.map(({name}) => name),
  }
}
