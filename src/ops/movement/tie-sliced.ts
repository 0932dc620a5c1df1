import {axisFromStart} from '../../ir/axis-from-start.js'
import type {Node} from '../../ir/node.js'
import {constantNumbersOf} from '../numbers.js'
import type {AxisTie, Refusal} from '../op-spec.js'
import {COMPUTED_SIZES} from '../slots.js'
import {axesOf, sizeOf, tieAxes, tieRuns} from '../ties.js'

/** A Slice of one axis. */
export interface SlicedAxis {
  readonly axis: number
  readonly start: number
  readonly step: number
}

/** What a Slice cuts, from its inputs or, before opset 10, its attributes; undefined where that is computed. */
export function slicedAxes(node: Node): SlicedAxis[] | undefined {
  const rank = axesOf(node.inputs[0]).length
  const isOld = node.attributes.has('starts')
  const starts = isOld ? node.ints('starts', []) : constantNumbersOf(node.inputs[1])
  const given = isOld || !node.inputs[3] ? node.ints('axes', undefined) : constantNumbersOf(node.inputs[3])
  const axes = given ?? (node.inputs[3] ? undefined : starts?.map((_, index) => index))
  const steps = node.inputs[4] ? constantNumbersOf(node.inputs[4]) : axes?.map(() => 1)
  if (!starts || !axes || !steps) return undefined
  return axes.map((axis, index) => ({
    axis: axisFromStart(axis, rank),
    start: starts[index] ?? 0,
    step: steps[index] ?? 1,
  }))
}

/** What is cut out is a range of the axis; all other axes run through. Steps other than 1 are not followed. */
export function tieSliced(node: Node): AxisTie[] | Refusal {
  const [x, y] = [node.inputs[0], node.outputs[0]]
  const cuts = slicedAxes(node)
  if (!cuts) return COMPUTED_SIZES
  return axesOf(x).flatMap((axis) => {
    const cut = cuts.find((one) => one.axis === axis)
    const [from, size] = [sizeOf(x, axis), sizeOf(y, axis)]
    if (!cut || (from !== undefined && from === size && cut.step === 1))
      return tieAxes([
        [x, axis],
        [y, axis],
      ])
    if (cut.step !== 1 || from === undefined) return []
    const offset = Math.max(0, cut.start < 0 ? cut.start + from : cut.start)
    return tieRuns(size, [
      {value: x, axis, offset},
      {value: y, axis},
    ])
  })
}
