import type {Node} from '../../ir/node.js'
import type {Shape} from '../../ir/types.js'
import {operand} from '../operand.js'
import {pooledShape} from '../pool/pool.js'
import {integerOperator} from '../qdq/integer.js'
import {inMicrosoftDomain} from './contrib.js'

/** QLinearAveragePool and QLinearGlobalAveragePool: x, its scale and zero point, y's two; channels last when the attribute says so. */
export const qlinearAveragePool = inMicrosoftDomain(
  integerOperator({
    type: 'QLinearAveragePool',
    infer(node) {
      const {dtype, shape} = operand(node, 0)
      return [{dtype, shape: channelsFirst(node, shape, (x) => pooledShape(node, x))}]
    },
  }),
)

export const qlinearGlobalAveragePool = inMicrosoftDomain(
  integerOperator({
    type: 'QLinearGlobalAveragePool',
    infer(node) {
      const {dtype, shape} = operand(node, 0)
      return [{dtype, shape: channelsFirst(node, shape, (x) => x?.map((size, axis) => (axis < 2 ? size : 1)))}]
    },
  }),
)

function channelsFirst(
  node: Node,
  shape: Shape | undefined,
  rule: (x: Shape | undefined) => Shape | undefined,
): Shape | undefined {
  if (!shape || node.int('channels_last', 0) === 0) return rule(shape)
  const result = rule([...shape.slice(0, 1), ...shape.slice(-1), ...shape.slice(1, -1)])
  return result && [...result.slice(0, 1), ...result.slice(2), ...result.slice(1, 2)]
}
