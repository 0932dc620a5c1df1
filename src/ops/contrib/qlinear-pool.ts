import {operand} from '../operand.js'
import {pooledShape} from '../pool/pool.js'
import {integerOperator} from '../qdq/integer.js'
import {inLayout} from './channels-last.js'
import {inMicrosoftDomain} from './contrib.js'

/** QLinearAveragePool and QLinearGlobalAveragePool: x, its scale and zero point, y's two; channels last when the attribute says so. */
export const qlinearAveragePool = inMicrosoftDomain(
  integerOperator({
    type: 'QLinearAveragePool',
    infer(node) {
      const {dtype, shape} = operand(node, 0)
      return [{dtype, shape: inLayout(node, shape, (x) => pooledShape(node, x))}]
    },
  }),
)

export const qlinearGlobalAveragePool = inMicrosoftDomain(
  integerOperator({
    type: 'QLinearGlobalAveragePool',
    infer(node) {
      const {dtype, shape} = operand(node, 0)
      return [{dtype, shape: inLayout(node, shape, (x) => x?.map((size, axis) => (axis < 2 ? size : 1)))}]
    },
  }),
)
