import {convShape} from '../conv/conv.js'
import {dtypeOf, operand, shapeOf} from '../operand.js'
import {pooledShape} from '../pool/pool.js'
import {integerOperator} from '../qdq/integer.js'
import {qlinearConv} from '../qdq/qlinear-conv.js'
import {channelsLast, inLayout} from './channels-last.js'
import {inMicrosoftDomain} from './contrib.js'

/** NhwcMaxPool: MaxPool of 8-bit tensors with the channels last. */
export const nhwcMaxPool = inMicrosoftDomain(
  integerOperator({
    type: 'NhwcMaxPool',
    infer(node) {
      const {dtype, shape} = operand(node, 0)
      return [{dtype, shape: channelsLast(shape, (x) => pooledShape(node, x))}]
    },
  }),
)

/** QLinearConv with the channels last where the attribute says so; the weight stays [M, C / group, kernel…]. */
export const microsoftQlinearConv = inMicrosoftDomain({
  ...qlinearConv,
  infer: (node) => [
    {
      dtype: dtypeOf(node.inputs[7]),
      shape: inLayout(node, operand(node, 0).shape, (x) => convShape(node, x, shapeOf(node.inputs[3]))),
    },
  ],
})
