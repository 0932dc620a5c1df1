import {GraphBuilder} from '../../ir/build.js'
import type {Node} from '../../ir/node.js'
import type {Value} from '../../ir/value.js'
import {shapeOf} from '../../ops/operand.js'
import {notUpgradable} from './upgrade.js'

/** GroupNormalization 21: scale and bias, until then one per group, became one per channel: each is repeated. */
export function parametersPerChannel(node: Node): boolean {
  const groups = node.int('num_groups', undefined)
  if (groups === undefined) throw notUpgradable(node, 'it does not say how many groups it has')
  const {graph} = node
  const build = new GraphBuilder(graph, {before: node})
  const width = build.op('Concat', [build.ints([1]), channelsPerGroup(node, groups, build)], {axis: 0})
  for (const slot of [1, 2]) {
    const column = build.op('Reshape', [node.inputs[slot], build.ints([-1, 1])])
    const repeated = build.op('Expand', [column, width])
    graph.setInput(node, slot, build.op('Reshape', [repeated, build.ints([-1])]))
  }
  return true
}

/** int64 `[1]`. */
function channelsPerGroup(node: Node, groups: number, build: GraphBuilder): Value {
  const channels = shapeOf(node.inputs[0])?.[1]
  if (typeof channels === 'number') return build.ints([channels / groups])
  return build.op('Div', [build.op('Shape', [node.inputs[0]], {start: 1, end: 2}), build.ints([groups])])
}
