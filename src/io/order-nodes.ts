import type {GraphProto, NodeProto} from '../proto/messages.js'

/** Nodes in an order they can run in, or some that wait for each other in a circle. */
export type NodeOrder = {readonly ordered: readonly NodeProto[]} | {readonly cycle: readonly NodeProto[]}

/**
 * Puts each node behind those it reads, captures by its subgraphs included: the file's own order wherever that can run. The format
 * wants files sorted, but ONNX Runtime sorts the main graph itself, so files that nobody noticed exist.
 *
 * @returns the nodes, or of the first circle those that make it, each reading the one before it, the first the last.
 */
export function orderNodes(nodes: readonly NodeProto[]): NodeOrder {
  const makers = makersOf(nodes)
  const states = new Uint8Array(nodes.length)
  const ordered: NodeProto[] = []
  const path: Visit[] = []
  for (let root = 0; root < nodes.length; root++) {
    if (states[root] === UNSEEN) path.push(visit(root, nodes, makers, states))
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const source = top.sources.pop()
      if (source === undefined) {
        states[top.index] = DONE
        ordered.push(nodes[top.index] as NodeProto)
        path.pop()
      } else if (states[source] === OPEN) return {cycle: circle(path, source).map((index) => nodes[index] as NodeProto)}
      else if (states[source] === UNSEEN) path.push(visit(source, nodes, makers, states))
    }
  }
  return {ordered}
}

const [UNSEEN, OPEN, DONE] = [0, 1, 2]

interface Visit {
  readonly index: number
  /** What has to come first and was not looked at yet, the first of them last. */
  readonly sources: number[]
}

function visit(
  index: number,
  nodes: readonly NodeProto[],
  makers: ReadonlyMap<string, number>,
  states: Uint8Array,
): Visit {
  states[index] = OPEN
  const makerOf = (name: string): number[] => {
    const maker = makers.get(name)
    return maker === undefined ? [] : [maker]
  }
  return {
    index,
    sources: namesReadBy(nodes[index] as NodeProto)
      .flatMap(makerOf)
      .reverse(),
  }
}

/** The part of the way from a node to itself. */
function circle(path: readonly Visit[], from: number): number[] {
  const indices = path.map(({index}) => index)
  return indices.slice(indices.indexOf(from)).reverse()
}

function makersOf(nodes: readonly NodeProto[]): Map<string, number> {
  const makers = new Map<string, number>()
  nodes.forEach(({output = []}, index) => {
    for (const name of output) if (name !== '' && !makers.has(name)) makers.set(name, index)
  })
  return makers
}

function namesReadBy({input = [], attribute = []}: NodeProto): string[] {
  const subgraphs = attribute.flatMap(({g, graphs = []}) => (g ? [g, ...graphs] : graphs))
  return subgraphs.length === 0 ? input : [...input, ...subgraphs.flatMap(namesCapturedBy)]
}

/** What a subgraph reads and does not define itself, wherever in it the definition stands. */
function namesCapturedBy(graph: GraphProto): string[] {
  const {node = [], input = [], output = [], initializer = [], sparseInitializer = []} = graph
  const own = new Set([
    ...[...input, ...initializer].map(({name = ''}) => name),
    ...sparseInitializer.map(({values}) => values?.name ?? ''),
    ...node.flatMap((one) => one.output ?? []),
  ])
  return [...node.flatMap(namesReadBy), ...output.map(({name = ''}) => name)].filter((name) => !own.has(name))
}
