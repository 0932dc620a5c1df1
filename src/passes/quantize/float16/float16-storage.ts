import {GraphBuilder} from '../../../ir/build.js'
import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import {elementCount} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import type {Change, Pass, PassReport} from '../../pass.js'
import {float16Weight} from './float16-weight.js'

/** Below this many elements the Cast takes more bytes than half of them saves. */
const SMALLEST = 128
/** TensorProto.FLOAT */
const FLOAT = 1

export interface StorageOptions {
  /** Which nodes may read halves: a constant becomes halves when all its readers may. All when absent. */
  readonly mayRead?: (node: Node) => boolean
  /** Which constants; all when absent. */
  readonly isChosen?: (value: Value) => boolean
}

/**
 * Stores float32 constants as float16 and casts them back, which ONNX Runtime does once at load: half the file, the same speed and
 * float32 arithmetic. What a processor without float16 kernels gains by.
 */
export function storeFloat16(options: StorageOptions): Pass {
  return {name: 'float16-storage', run: (graph) => run(graph, options)}
}

/** Whether a node reads a constant that is worth being stored as halves. */
export function readsFloats({inputs}: Node): boolean {
  return inputs.some((value) => value?.constant?.dtype === 'float32' && elementCount(value.constant.shape) >= SMALLEST)
}

function run(graph: Graph, options: StorageOptions): PassReport {
  const changed: Change[] = []
  for (const owner of scopesOf(graph)) {
    for (const value of owner.constants()) {
      const tensor = value.constant
      const [reader] = value.consumers
      if (options.isChosen?.(value) === false) continue
      if (tensor?.dtype !== 'float32' || elementCount(tensor.shape) < SMALLEST || value.isOutput || !reader) continue
      if (value.consumers.some((node) => options.mayRead?.(node) === false)) continue
      const [first] = owner.nodes()
      const build = new GraphBuilder(owner, first ? {before: first} : {})
      const half = owner.constant(float16Weight(tensor, value.name), `${value.name}_h`)
      owner.replaceUses(value, build.op('Cast', [half], {to: FLOAT}, {outputs: [`${value.name}_f`]}))
      owner.removeConstant(value)
      changed.push({
        rule: 'float16-storage',
        form: 'float16',
        node: reader.name,
        op: reader.opType,
        from: 'float32',
        to: 'float16',
      })
    }
  }
  return {changed, skipped: []}
}

/** The graph and every subgraph: each owns its constants. */
function scopesOf(graph: Graph): Graph[] {
  return [graph, ...graph.nodes().flatMap((node) => node.subgraphs.flatMap(scopesOf))]
}
