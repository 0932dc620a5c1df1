import {tensorOf} from '../../../src/ir/tensor.js'
import * as file from '../../../src/ops/movement/select.js'
import {f, ints, of, one} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {moving} from '../../support/operators/gradient-trial.js'

describeOperators(file, {
  shapes: {
    'Compress 9': [{inputs: [f(3, 4), of('bool', 3)], attributes: {axis: 0}}, {inputs: [f(3, 4), of('bool', 3)]}],
    'EyeLike 9': [{inputs: [f(3, 4)]}, {inputs: [f(3, 4)], attributes: {dtype: 7}}],
    'NonZero 9': [{inputs: [f(3, 4)]}],
    'ReverseSequence 10': [{inputs: [f(4, 3), ints(1, 2, 3)]}],
    'Trilu 14': [{inputs: [f(3, 4)]}],
  },
  gradients: {
    Compress: [
      {inputs: [moving(4, 3), tensorOf('bool', [4], Uint8Array.of(1, 0, 1, 1))], attributes: {axis: 0}},
      {inputs: [moving(2, 2), tensorOf('bool', [3], Uint8Array.of(0, 1, 1))]},
    ],
    ReverseSequence: [{inputs: [moving(4, 3), ints(2, 4, 1)], attributes: {batch_axis: 1, time_axis: 0}}],
    Trilu: [{inputs: [moving(3, 4)]}, {inputs: [moving(2, 3, 4), one(1, 'int64')], attributes: {upper: 0}}],
  },
})
