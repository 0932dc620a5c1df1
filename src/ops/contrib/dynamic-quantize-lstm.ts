import {shapeOf} from '../operand.js'
import {integerOperator} from '../qdq/integer.js'
import {inferRecurrent, recurrentMacs} from '../recurrent/recurrent.js'
import {inMicrosoftDomain} from './contrib.js'

/** DynamicQuantizeLSTM: an LSTM with int8 weights, stored transposed as W[D, I, 4·H] and R[D, H, 4·H]. */
export const dynamicQuantizeLstm = inMicrosoftDomain(
  integerOperator({
    type: 'DynamicQuantizeLSTM',
    infer(node) {
      const weight = shapeOf(node.inputs[1])
      return inferRecurrent(node, 4, weight && [weight[0], weight[2]])
    },
    parameters: {weights: [1, 2], biases: [3]},
    macs: (node) => recurrentMacs(node, 4),
  }),
)
