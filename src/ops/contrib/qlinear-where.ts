import {broadcast} from '../broadcast.js'
import {operand, shapeOf} from '../operand.js'
import {integerOperator} from '../qdq/integer.js'
import {inMicrosoftDomain} from './contrib.js'

/** QLinearWhere: the condition, x, its scale and zero point, y, its two, the result's two; broadcast. */
export const qlinearWhere = inMicrosoftDomain(
  integerOperator({
    type: 'QLinearWhere',
    infer: (node) => [
      {
        dtype: operand(node, 1).dtype,
        shape: broadcast(
          node,
          [0, 1, 4].map((index) => shapeOf(node.inputs[index])),
        ),
      },
    ],
  }),
)
