import {axisFromStart} from '../../../ir/axis-from-start.js'
import type {Node} from '../../../ir/node.js'
import {readNumbers} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import {nodeRule, type Outcome} from '../node-rule.js'
import {numberOf} from '../patterns/number-operand.js'
import {statedPads} from '../patterns/window-pads.js'
import {removeUnread} from '../remove-unread.js'
import type {Rule} from '../rule.js'

/** Since this version the amounts and the value are inputs. */
const PADS_ARE_INPUT = 11

/** Padding with a constant becomes the padding of the Conv, AveragePool or MaxPool behind it, where that pads with the same. */
export const foldPad: Rule = {
  name: 'fold-pad',
  create: ({opsetOf}) =>
    nodeRule({
      name: 'fold-pad',
      types: ['Pad'],
      attempt: (node) => attempt(node, opsetOf(node) >= PADS_ARE_INPUT),
    }),
}

/** What a Pad does. */
interface Padding {
  /** All zeros on the batch and channel axes. */
  readonly amounts: readonly number[]
  readonly value: number
}

function attempt(pad: Node, areInputs: boolean): Outcome {
  const padded = pad.outputs[0]
  const [window] = padded?.consumers ?? []
  const data = pad.inputs[0]
  if (!padded || !data || !window || !(window.opType in FITS) || window.domain !== '' || window.inputs[0] !== padded) {
    return undefined
  }
  if (padded.uses.size > 1) return 'its result has other consumers'
  if (window.graph !== pad.graph) return `the ${window.opType} is inside a branch`
  const padding = areInputs ? fromInputs(pad) : fromAttributes(pad)
  if (typeof padding === 'string') return padding
  const rank = padding.amounts.length / 2
  const spatial = [...padding.amounts.slice(2, rank), ...padding.amounts.slice(rank + 2)]
  const before = statedPads(window, rank - 2)
  if (!before) return `the ${window.opType} computes its own padding`
  const reason = FITS[window.opType]?.(
    window,
    padding,
    spatial.map((size, i) => size + (before[i] ?? 0)),
    before,
  )
  if (reason) return reason
  return join(
    window,
    data,
    padded,
    spatial.map((size, i) => size + (before[i] ?? 0)),
  )
}

function join(window: Node, data: Value, padded: Value, pads: readonly number[]): Outcome {
  window.attributes.delete('auto_pad')
  window.set('pads', pads)
  if (window.opType === 'AveragePool') window.set('count_include_pad', 1)
  window.graph.setInput(window, 0, data)
  removeUnread(padded)
  return {to: window.name}
}

function fromAttributes(pad: Node): Padding | string {
  const amounts = pad.ints('pads', pad.ints('paddings', undefined))
  if (pad.string('mode', 'constant') !== 'constant') return `it pads by ${pad.string('mode', '')}`
  return amounts ? checked({amounts, value: pad.float('value', 0)}) : 'its amounts are not known'
}

function fromInputs(pad: Node): Padding | string {
  const [data, pads, value, axes] = pad.inputs
  if (pad.string('mode', 'constant') !== 'constant') return `it pads by ${pad.string('mode', '')}`
  const number = value ? numberOf(value) : 0
  if (!pads?.constant || number === undefined || (axes && !axes.constant))
    return 'its amounts or its value are not constant'
  const amounts = readNumbers(pads.constant)
  if (!axes?.constant) return checked({amounts, value: number})
  const rank = data?.type?.kind === 'tensor' ? data.type.shape?.length : undefined
  if (rank === undefined) return 'the rank of its input is not known'
  return checked({amounts: onAllAxes(amounts, readNumbers(axes.constant), rank), value: number})
}

function onAllAxes(amounts: readonly number[], axes: readonly number[], rank: number): number[] {
  const all = new Array<number>(2 * rank).fill(0)
  axes.forEach((axis, i) => {
    const at = axisFromStart(axis, rank)
    all[at] = amounts[i] ?? 0
    all[at + rank] = amounts[i + axes.length] ?? 0
  })
  return all
}

function checked(padding: Padding): Padding | string {
  const {amounts} = padding
  const rank = amounts.length / 2
  if (amounts.some((size) => size < 0)) return 'it cuts'
  if (rank < 3 || [0, 1, rank, rank + 1].some((at) => amounts[at] !== 0)) return 'it pads the batch or the channels'
  return padding
}

/** Why the padding is not the operator's own, per operator. `joined` is the padding it would have. */
type Fit = (window: Node, padding: Padding, joined: readonly number[], before: readonly number[]) => string | undefined

const FITS: Readonly<Record<string, Fit>> = {
  Conv: (_, {value}) => (value === 0 ? undefined : `Conv pads with 0, not with ${value}`),
  AveragePool: (pool, {value}, joined, before) => {
    if (value !== 0) return `AveragePool pads with 0, not with ${value}`
    const counts = pool.int('count_include_pad', 0) === 1 || before.every((size) => size === 0)
    return counts ? whyNotPool(pool, joined) : 'the AveragePool leaves its own padding out of the average'
  },
  MaxPool: (pool, {value}, joined, before) => {
    if (pool.outputs[1]?.uses.size) return 'the indices of the MaxPool would change'
    if (isLowest(value)) return whyNotPool(pool, joined)
    const isHarmless =
      value === 0 && isNeverNegative(pool.inputs[0]?.producer?.inputs[0]) && before.every((size) => size === 0)
    return isHarmless ? whyNotPool(pool, joined) : `MaxPool pads with the lowest number, not with ${value}`
  },
}

/** ONNX Runtime wants a part of the data in every window; rounding up can add windows without any. */
function whyNotPool(pool: Node, pads: readonly number[]): string | undefined {
  const kernel = pool.ints('kernel_shape', [])
  if (pool.int('ceil_mode', 0) !== 0) return `the ${pool.opType} rounds its size up`
  const isSmall = pads.every((size, i) => size < (kernel[i % kernel.length] ?? 0))
  return isSmall ? undefined : `the padding would be as large as the window of the ${pool.opType}`
}

function isLowest(value: number): boolean {
  return value === Number.NEGATIVE_INFINITY || value <= -3.4028234e38
}

function isNeverNegative(value: Value | undefined): boolean {
  const node = value?.producer
  if (node?.opType === 'Clip') return (node.inputs[1] ? numberOf(node.inputs[1]) : node.float('min', undefined)) === 0
  return node?.domain === '' && ['Relu', 'Sigmoid', 'Softmax', 'HardSigmoid', 'Abs'].includes(node.opType)
}
