import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import type {SpecOf} from '../../../ops/specs-of.js'
import type {Group} from '../../groups/group.js'
import {groupsAt} from '../../groups/group-walk.js'
import {tiesOf} from '../../groups/node-ties.js'
import {isPlain, resizeGroup} from '../../groups/resize-groups.js'
import type {Change, Pass, PassReport, Skip} from '../../pass.js'

/** Channels one vector instruction of ONNX Runtime's integer depthwise kernel takes; a rest is done one by one, twice as slow. */
const VECTOR = 16
/** More padding than this share costs more than the vector kernel gains. */
const MOST_PADDING = 0.15

/**
 * Pads the channels of depthwise convolutions to a multiple of 16 with zeros, in every weight tied to them. The new channels
 * are read by zero weights only, so the result is the same. For integer kernels: float ones do not gain.
 */
export function padDepthwise({specOf}: {specOf: SpecOf}): Pass {
  return {name: 'pad-depthwise', run: (graph) => run(graph, specOf)}
}

function run(graph: Graph, specOf: SpecOf): PassReport {
  const changed: Change[] = []
  const skipped: Skip[] = []
  for (const node of graph.nodes()) {
    const channels = depthwiseChannels(node)
    const output = node.outputs[0]
    if (channels === undefined || channels % VECTOR === 0 || !output) continue
    const padded = Math.ceil(channels / VECTOR) * VECTOR
    const [group, ...others] = groupsAt(graph, {value: output, axis: 1}, tiesOf(specOf))
    const reason =
      others.length > 0 ? 'they are cut apart' : group && (group.blocked ?? whyNot(group, channels, padded))
    if (reason || !group) {
      skipped.push({node: node.name, op: node.opType, reason: `its ${channels} channels stay as they are: ${reason}`})
      continue
    }
    resizeGroup(
      group,
      Array.from({length: padded}, (_, unit) => (unit < channels ? unit : -1)),
    )
    changed.push({rule: 'pad-depthwise', node: node.name, op: node.opType, from: `${channels}`, to: `${padded}`})
  }
  return {changed, skipped}
}

/** The channels of a depthwise Conv, one filter each; undefined for other nodes. */
function depthwiseChannels(node: Node): number | undefined {
  const shape = node.inputs[1]?.constant?.shape
  const [channels, perGroup] = shape ?? []
  if (node.opType !== 'Conv' || node.domain !== '' || channels === undefined || perGroup !== 1) return undefined
  return channels > 1 && node.int('group', 1) === channels ? channels : undefined
}

/** Padding is by channels one by one: where one stands for several positions, or a mean would count zeros, there is none. */
function whyNot({members, inexact}: Group, channels: number, padded: number): string | undefined {
  if ((padded - channels) / channels > MOST_PADDING) return 'padding would cost more than it gains'
  if (inexact) return inexact
  const typed = members.find(({value}) => value.constant && value.constant.dtype !== 'float32')
  if (typed) return `'${typed.value.name}' is not float32`
  const other = members.find((member) => !isPlain(member))
  return other && `'${other.value.name}' has another size`
}
