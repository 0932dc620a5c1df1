import {tensorAttribute} from '../../../../src/ir/attribute.js'
import type {GraphBuilder} from '../../../../src/ir/build.js'
import {float32} from '../../../../src/ir/tensor.js'
import type {Value} from '../../../../src/ir/value.js'
import {removeZeroState} from '../../../../src/passes/simplify/rules/remove-zero-state.js'
import {floatFeed, randomFloats} from '../../../support/pass-trial.js'
import {itDeclines, itRewrites} from '../../../support/rule-trial.js'

describe('removeZeroState', () => {
  const lstm = (state: (build: GraphBuilder, size: Value) => Value, opset = 17) => ({
    opset,
    write: (build: GraphBuilder) => {
      const x = build.input('x', [5, 'N', 3])
      const weights = [build.floats(randomFloats(48, 1), [1, 16, 3]), build.floats(randomFloats(64, 2), [1, 16, 4])]
      const batch = build.op('Slice', [build.op('Shape', [x]), build.ints([1]), build.ints([2])])
      const size = build.op('Concat', [build.ints([1]), batch, build.ints([4])], {axis: 0})
      const zeros = state(build, size)
      const inputs = [x, ...weights, undefined, undefined, zeros, zeros]
      build.output(build.op('LSTM', inputs, {hidden_size: 4}, {outputs: ['y']}))
    },
  })
  itRewrites({
    name: 'leaves out zeros, and the arithmetic of their shape',
    rule: removeZeroState,
    ...lstm((build, size) => build.op('ConstantOfShape', [size])),
    feeds: {x: floatFeed([5, 2, 3])},
    leaves: ['LSTM'],
  })
  itRewrites({
    name: 'knows expanded zeros',
    rule: removeZeroState,
    ...lstm((build, size) => build.op('Expand', [build.floats([0], [1, 1, 1]), size])),
    feeds: {x: floatFeed([5, 2, 3])},
    leaves: ['LSTM'],
  })
  itDeclines({
    name: 'leaves ones',
    rule: removeZeroState,
    ...lstm((build, size) => build.op('ConstantOfShape', [size], {value: tensorAttribute(float32([1]))})),
    because: undefined,
  })
})
