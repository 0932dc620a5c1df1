import type {Dim} from '../../../ir/dim.js'
import type {Graph} from '../../../ir/graph.js'
import {elementCount, int64, type Tensor, tensorOf} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import {operandOf} from '../../../ops/operand.js'
import type {Pass, PassReport} from '../../pass.js'
import {becomeConstant, removeUnread} from '../become-constant.js'
import type {Rule, RuleContext} from '../rule.js'

/** Shape arithmetic of which every element is known becomes a constant; nothing has to be run for it. */
export const foldShapeArithmetic: Rule = {
  name: 'fold-shape-arithmetic',
  create: (context): Pass => ({name: 'fold-shape-arithmetic', run: (graph) => run(graph, context)}),
}

function run(graph: Graph, {contentsOf}: RuleContext): PassReport {
  const nodes = graph.allNodes().filter((node) => node.outputs.some((value) => value && value.uses.size > 0))
  for (const node of nodes) {
    for (const value of node.outputs) {
      if (!value || value.uses.size === 0 || value.isOutput) continue
      const tensor = knownTensor(value, contentsOf(value))
      if (tensor) becomeConstant(value, tensor)
    }
  }
  const gone = removeUnread(nodes)
  const changed = gone.map((node) => ({rule: 'fold-shape-arithmetic', node: node.name, op: node.opType}))
  return {changed, skipped: []}
}

/** The tensor, when its elements and its shape are numbers that its type holds exactly. */
function knownTensor(value: Value, contents: readonly Dim[] | undefined): Tensor | undefined {
  const {dtype, shape} = operandOf(value)
  if (!contents || !shape || !allNumbers(shape) || elementCount(shape) !== contents.length) return undefined
  if (!allNumbers(contents)) return undefined
  if (dtype === 'int64' && contents.every((size) => Math.abs(size) < Number.MAX_SAFE_INTEGER))
    return int64(contents, shape)
  if (dtype === 'int32' && contents.every((size) => size === (size | 0))) {
    return tensorOf('int32', shape, Int32Array.from(contents))
  }
  if (dtype === 'bool' && contents.every((size) => size === 0 || size === 1)) {
    return tensorOf('bool', shape, Uint8Array.from(contents))
  }
  return undefined
}

function allNumbers(sizes: readonly Dim[]): sizes is readonly number[] {
  return sizes.every((size) => typeof size === 'number')
}
