import {GraphBuilder} from '../../../ir/build.js'
import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import {elementCount, type Tensor} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import type {Change, Pass, PassReport} from '../../pass.js'
import {quantizeWeight} from '../numbers/quantize-weight.js'
import type {ChosenType, WeightType} from '../numbers/weight-type.js'

/** Below this many elements the extra node takes more bytes than int8 saves. */
const SMALLEST_TABLE = 1024

export interface EmbeddingOptions {
  readonly perChannel: boolean
  /** The type of a node's table, of 8 bits; undefined for nodes that are left alone. */
  readonly typeOf: ChosenType
  /** Whether a node may read integers with those that do: another that reads the same table. All may when absent. */
  readonly mayShare?: (node: Node) => boolean
}

/**
 * Embedding tables in 8 bits: `Gather(integer table) → DequantizeLinear`, one scale per column. Only the gathered rows are ever
 * turned back into floats, so the table stays a quarter of its size in memory too.
 */
export function quantizeEmbeddings(options: EmbeddingOptions): Pass {
  return {name: 'embeddings', run: (graph) => run(graph, options)}
}

interface QuantizedTable {
  readonly integers: Value
  /** float32, one per column, or a scalar */
  readonly scales: Value
  /** Of unsigned tables, shaped like the scales. */
  readonly zeroPoints: Value | undefined
  readonly dtype: WeightType['dtype']
}

function run(graph: Graph, options: EmbeddingOptions): PassReport {
  const changed: Change[] = []
  const tables = new Map<Value, QuantizedTable>()
  for (const node of graph.allNodes()) {
    const [type, table] = [options.typeOf(node), node.inputs[0]]
    // what else reads the table has the table's form too, and gets its share below
    if (!type || !table || whyNotTable(node) === null) continue
    const quantized = tables.get(table) ?? quantizedTable(table, options.perChannel, type)
    tables.set(table, quantized)
    rewrite(node, quantized, options.perChannel)
    changed.push({
      rule: 'embedding',
      form: 'weights',
      node: node.name,
      op: node.opType,
      from: 'float32',
      to: quantized.dtype,
    })
  }
  for (const [table, quantized] of tables) {
    if (table.uses.size > 0) changed.push(...tie(table, quantized, options))
    else table.graph.removeConstant(table)
  }
  return {changed, skipped: []}
}

/** The reason why a node's table cannot be read as integers row by row; null for a node that reads none. */
export function whyNotTable(node: Node): string | undefined | null {
  const table = node.opType === 'Gather' && node.domain === '' ? node.inputs[0]?.constant : undefined
  if (table?.dtype !== 'float32') return null
  if (table.shape.length !== 2) return 'its table is not a matrix'
  if (node.int('axis', 0) !== 0) return 'it gathers columns, not rows'
  const count = elementCount(table.shape)
  return count < SMALLEST_TABLE ? `its table has only ${count} elements` : undefined
}

function quantizedTable({graph, name, constant}: Value, perChannel: boolean, type: WeightType): QuantizedTable {
  const axis = perChannel ? 1 : undefined
  const {integers, scales, zeroPoints} = quantizeWeight(constant as Tensor, name, {axis, type})
  return {
    integers: graph.constant(integers, `${name}_q`),
    scales: graph.constant(scales, `${name}_s`),
    zeroPoints: zeroPoints && graph.constant(zeroPoints, `${name}_z`),
    dtype: type.dtype,
  }
}

/**
 * What else reads the table, as the product behind tied embeddings does, gets it from the same integers, by nodes that the runtime
 * folds at load: the table is stored once.
 */
function tie(
  table: Value,
  {integers, scales, zeroPoints, dtype}: QuantizedTable,
  {mayShare}: EmbeddingOptions,
): Change[] {
  const {graph, consumers} = table
  if (table.isOutput || consumers.some((node) => node.opType === 'Gather' || mayShare?.(node) === false)) return []
  const [first] = graph.nodes()
  const build = new GraphBuilder(graph, first ? {before: first} : {})
  const float = (value: Value) => build.op('Cast', [value], {to: FLOAT}, {outputs: [`${table.name}_c`]})
  const steps = zeroPoints ? build.op('Sub', [float(integers), float(zeroPoints)]) : float(integers)
  graph.replaceUses(table, build.op('Mul', [steps, scales], {}, {outputs: [`${table.name}_w`]}))
  graph.removeConstant(table)
  return consumers.map(({name, opType}) => ({
    rule: 'weights-only',
    form: 'weights',
    node: name,
    op: opType,
    from: 'float32',
    to: dtype,
  }))
}

/** TensorProto.FLOAT */
const FLOAT = 1

function rewrite(node: Node, table: QuantizedTable, perChannel: boolean): void {
  const {graph} = node
  const result = node.outputs[0] as Value
  graph.setInput(node, 0, table.integers)
  const rows = graph.detach(result)
  rows.type = undefined
  const next = graph.nextOf(node)
  const build = new GraphBuilder(graph, next ? {before: next} : {})
  const {scales, zeroPoints} = table
  const parameters = zeroPoints ? [scales, zeroPoints] : [scales]
  const restored = build.node('DequantizeLinear', [rows, ...parameters], perChannel ? {axis: -1} : {})
  graph.moveOutput(result, restored, 0)
}
