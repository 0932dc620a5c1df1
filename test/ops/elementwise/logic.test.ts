import * as file from '../../../src/ops/elementwise/logic.js'
import {type OpCase, of} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {BEFORE_7} from '../../support/operators/shape-cases.js'

const legacyLogic: readonly OpCase[] = [
  {inputs: [of('bool', 2, 3), of('bool', 2, 3)], stated: {because: BEFORE_7, types: [['bool', [2, 3]]]}},
]
const bools: readonly OpCase[] = [{inputs: [of('bool', 2, 1, 4), of('bool', 3, 1)]}]
const integers: readonly OpCase[] = [{inputs: [of('int32', 2, 1, 4), of('int32', 3, 1)]}]

describeOperators(file, {
  shapes: {
    'BitShift 11': [{inputs: [of('uint8', 2, 1), of('uint8', 3)], attributes: {direction: 'LEFT'}}],
    'BitwiseAnd 18': integers,
    'BitwiseOr 18': integers,
    'BitwiseXor 18': integers,
    'And 1': legacyLogic,
    'And 7': bools,
    'Or 1': legacyLogic,
    'Or 7': bools,
    'Xor 1': legacyLogic,
    'Xor 7': bools,
  },
})
