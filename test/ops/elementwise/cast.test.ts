import * as file from '../../../src/ops/elementwise/cast.js'
import {f, of, one} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {moving} from '../../support/operators/gradient-trial.js'
import {BEFORE_7} from '../../support/operators/shape-cases.js'

describeOperators(file, {
  shapes: {
    'BitCast 26': [{inputs: [f(2, 3)], attributes: {to: 6}}],
    'Cast 6': [
      {inputs: [f(2, 3)], attributes: {to: 7}},
      {inputs: [of('int64', 2, 3)], attributes: {to: 9}},
    ],
    'Cast 1': [{inputs: [f(2, 3)], attributes: {to: 'INT64'}, stated: {because: BEFORE_7, types: [['int64', [2, 3]]]}}],
    'CastLike 15': [{inputs: [f(2, 3), of('int32', 1)]}],
  },
  gradients: {
    Cast: [
      {inputs: [moving(2, 3)], attributes: {to: 11}},
      {inputs: [moving(2, 3)], attributes: {to: 1}},
    ],
    CastLike: [{inputs: [moving(2, 3), one(1)]}],
  },
})
