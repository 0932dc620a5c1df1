import {axisFromStart} from '../../ir/axis-from-start.js'
import type {Node} from '../../ir/node.js'
import {unary} from '../elementwise/unary.js'
import {cumSumGradient} from '../movement/move-gradients.js'
import {constantNumbersOf} from '../numbers.js'
import type {AxisTie} from '../op-spec.js'
import {axesOf, tieBut} from '../ties.js'

/** CumSum: running sums along one axis. ONNX CumSum-11, 14. */
export const cumSum = unary('CumSum', 11, {gradient: cumSumGradient, prune: tieOthers})

/** CumProd: running products along one axis. ONNX CumProd-26. */
export const cumProd = unary('CumProd', 26, {prune: tieOthers})

function tieOthers(node: Node): AxisTie[] {
  const along = constantNumbersOf(node.inputs[1])
  return along
    ? tieBut(
        node,
        along.map((axis) => axisFromStart(axis, axesOf(node.inputs[0]).length)),
      )
    : []
}
