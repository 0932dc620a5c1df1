import type {Node} from '../../ir/node.js'
import type {AxisTie} from '../op-spec.js'
import {tieAxes} from '../ties.js'

/** Input and output channels of a convolution without groups: apart, each along its axis of the weight. @param inputs that of the inputs. */
export function tieUngrouped({inputs: [x, w, b], outputs: [y]}: Node, inputs: 0 | 1): AxisTie[] {
  return [
    ...tieAxes([
      [x, 1],
      [w, inputs],
    ]),
    ...tieAxes([
      [w, 1 - inputs],
      [b, 0],
      [y, 1],
    ]),
  ]
}
