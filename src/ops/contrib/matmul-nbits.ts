import {ShapeError} from '../../errors.js'
import {conflict} from '../../ir/dim.js'
import {knownCount} from '../count.js'
import {operand} from '../operand.js'
import {integerOperator} from '../qdq/integer.js'
import {inMicrosoftDomain} from './contrib.js'

/** MatMulNBits: A[..., K] · B[K, N] with B in blocks of 2 to 8 bits; K and N are attributes. */
export const matMulNBits = inMicrosoftDomain(
  integerOperator({
    type: 'MatMulNBits',
    infer(node) {
      const {dtype, shape} = operand(node, 0)
      const [k, n] = [node.int('K', undefined), node.int('N', undefined)]
      if (conflict(shape?.at(-1), k))
        throw new ShapeError(node, {expected: `A to have ${k} columns`, got: `${shape?.at(-1)}`})
      return [{dtype, shape: shape && [...shape.slice(0, -1), n]}]
    },
    parameters: {weights: [1], biases: [5]},
    macs(node) {
      const [outputs, inner] = [knownCount(node.outputs[0]), node.int('K', undefined)]
      return outputs === undefined || inner === undefined ? undefined : outputs * inner
    },
  }),
)

/** MatMulBnb4: the same with the 4-bit types of bitsandbytes, FP4 and NF4. */
export const matMulBnb4 = {...matMulNBits, type: 'MatMulBnb4', parameters: {weights: [1], biases: []}}
