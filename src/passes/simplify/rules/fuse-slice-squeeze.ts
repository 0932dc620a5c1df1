import {axisFromStart} from '../../../ir/axis-from-start.js'
import type {Node} from '../../../ir/node.js'
import {readNumbers, scalar} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import {shapeOf} from '../../../ops/operand.js'
import type {Pass} from '../../pass.js'
import {DONE, nodeRule, type Outcome} from '../node-rule.js'
import {removeUnread} from '../remove-unread.js'
import {axesOf} from './fuse-global-average-pool.js'

/** Slice of one index and Squeeze of its axis become Gather of that index. */
export const fuseSliceSqueeze: Pass = nodeRule({name: 'fuse-slice-squeeze', types: ['Squeeze'], attempt})

function attempt(squeeze: Node): Outcome {
  const sliced = squeeze.inputs[0]
  const slice = sliced?.producer
  if (slice?.opType !== 'Slice' || slice.domain !== '' || !sliced || sliced.uses.size !== 1) return undefined
  const data = slice.inputs[0]
  const rank = shapeOf(data)?.length
  const axes = axesOf(squeeze)
  const [starts, ends, slicedAxes, steps] = bounds(slice)
  if (!data || rank === undefined || axes?.length !== 1 || !starts || !ends) return undefined
  if (starts.length !== 1 || ends.length !== 1 || !slicedAxes || !(steps ?? [1]).every((step) => step === 1))
    return undefined
  const [start = 0] = starts
  const axis = axisFromStart(axes[0] ?? 0, rank)
  if (axisFromStart(slicedAxes[0] ?? 0, rank) !== axis || !takesOne(start, ends[0] ?? 0)) return undefined
  const {graph} = squeeze
  const index = graph.constant(scalar('int64', start), 'index')
  const gather = graph.insertBefore(squeeze, {opType: 'Gather', inputs: [data, index], attributes: {axis}})
  graph.moveOutput(squeeze.outputs[0] as Value, gather, 0)
  graph.remove(squeeze)
  removeUnread(sliced)
  return DONE
}

/** starts, ends, axes, steps; undefined what is missing or not constant. Attributes before opset 10, inputs since. */
function bounds(slice: Node): (readonly number[] | undefined)[] {
  if (slice.inputs.length === 1) return ['starts', 'ends', 'axes'].map((name) => slice.ints(name, undefined))
  const [, ...operands] = slice.inputs
  return operands.map((value) => value?.constant && readNumbers(value.constant))
}

/** `[i, i+1)`, and the last one, `[-1, end)`. */
function takesOne(start: number, end: number): boolean {
  return start === -1 ? end >= 2 ** 31 - 1 : end === start + 1 && end !== 0
}
