import * as file from '../../../src/ops/reduction/arg.js'
import {f, type OpCase} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

const arg: readonly OpCase[] = [{inputs: [f(2, 3)]}, {inputs: [f(2, 3)], attributes: {axis: -1, keepdims: 0}}]

describeOperators(file, {
  shapes: {
    'ArgMax 1': arg,
    'ArgMin 1': arg,
  },
})
