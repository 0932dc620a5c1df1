import {createHash} from 'node:crypto'
import type {Graph} from '../../../ir/graph.js'
import type {Tensor} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import type {Change, Pass, PassReport} from '../../pass.js'

/**
 * Constants with equal type, shape and bytes become one: duplicates, and weights that are tied but were stored twice. A subgraph's
 * constant becomes that of a graph around it; the first in the file stays.
 */
export const mergeConstants: Pass = {name: 'merge-constants', run}

/** Constants by type and shape; only where two meet is anything read. */
type Known = ReadonlyMap<string, readonly Value[]>

function run(graph: Graph): PassReport {
  const changed: Change[] = []
  mergeIn(graph, new Map(), changed)
  return {changed, skipped: []}
}

function mergeIn(graph: Graph, outer: Known, changed: Change[]): void {
  const known = new Map(outer)
  for (const value of graph.constants()) {
    const tensor = value.constant
    if (!tensor || value.isOutput) continue
    const key = `${tensor.dtype} ${tensor.shape}`
    const candidates = known.get(key) ?? []
    const twin = candidates.find((other) => sameContents(other, value))
    if (!twin) {
      known.set(key, [...candidates, value])
      continue
    }
    graph.replaceUses(value, twin)
    graph.removeConstant(value)
    changed.push({rule: 'merge-constants', from: value.name, to: twin.name})
  }
  for (const node of graph.nodes()) for (const subgraph of node.subgraphs) mergeIn(subgraph, known, changed)
}

/** Digests of contents: handles never change what they hold. */
const DIGESTS = new WeakMap<Tensor, string>()

function digestOf(tensor: Tensor): string {
  const known = DIGESTS.get(tensor) ?? hashOf(tensor)
  DIGESTS.set(tensor, known)
  return known
}

function sameContents(a: Value, b: Value): boolean {
  return digestOf(a.constant as Tensor) === digestOf(b.constant as Tensor)
}

function hashOf(tensor: Tensor): string {
  const data = tensor.read()
  const hash = createHash('sha1')
  if (Array.isArray(data)) hash.update(JSON.stringify(data))
  else hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  return hash.digest('base64')
}
