import {normalizeAxes} from '../axis.js'
import {operand} from '../operand.js'
import {integerOperator} from '../qdq/integer.js'
import {reduceShape} from '../reduction/reduce.js'
import {inMicrosoftDomain} from './contrib.js'

/** QLinearReduceMean: the mean over axes of x, its scale and zero point, y's two. */
export const qlinearReduceMean = inMicrosoftDomain(
  integerOperator({
    type: 'QLinearReduceMean',
    infer(node) {
      const {dtype, shape} = operand(node, 0)
      if (!shape) return [{dtype, shape}]
      const axes = normalizeAxes(node, node.ints('axes', [...shape.keys()]), shape.length)
      return [{dtype, shape: reduceShape(shape, axes, node.int('keepdims', 1) === 1)}]
    },
  }),
)
