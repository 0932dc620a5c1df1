import type {GraphBuilder} from '../../../../src/ir/build.js'
import type {Value} from '../../../../src/ir/value.js'
import {sinkTransposes} from '../../../../src/passes/simplify/rules/sink-transposes.js'
import {floatFeed, randomFloats} from '../../../support/pass-trial.js'
import {itDeclines, itRewrites} from '../../../support/rule-trial.js'

const SHAPE = [2, 4, 6, 8]
const image = {x: floatFeed(SHAPE)}

function last(build: GraphBuilder, value: Value): Value {
  return build.op('Transpose', [value], {perm: [0, 2, 3, 1]})
}

function second(build: GraphBuilder, value: Value): Value {
  return build.op('Transpose', [value], {perm: [0, 3, 1, 2]})
}

function numbers(build: GraphBuilder, shape: readonly number[], seed = 3): Value {
  const count = shape.reduce((product, size) => product * size, 1)
  return build.floats(randomFloats(count, seed), shape)
}

/** What stands between two convolutions of a channels-last export, in their order of axes. */
type Between = (build: GraphBuilder, value: Value) => Value

const between: Readonly<Record<string, Between>> = {
  'Add of a bias': (build, x) => build.op('Add', [x, numbers(build, [4])]),
  'Mul by a whole tensor, on the left': (build, x) => build.op('Mul', [numbers(build, [2, 6, 8, 4]), x]),
  'Sub of a plane': (build, x) => build.op('Sub', [x, numbers(build, [6, 8, 1])]),
  'Clip at constants': (build, x) => build.op('Clip', [x, build.scalar(-0.5), build.scalar(0.5)]),
  'PRelu by channel': (build, x) => build.op('PRelu', [x, numbers(build, [1, 1, 4])]),
  'Pad of rows and channels': (build, x) => build.op('Pad', [x, build.ints([0, 1, 0, 0, 0, 2, 1, 3])]),
  'Slice of channels': (build, x) => build.op('Slice', [x, build.ints([1]), build.ints([3]), build.ints([-1])]),
  'Slice of leading axes': (build, x) => build.op('Slice', [x, build.ints([0, 1]), build.ints([1, 5])]),
  'Resize by scales': (build, x) => build.op('Resize', [x, undefined, build.floats([1, 2, 3, 1])]),
  'Resize to sizes, interpolated': (build, x) =>
    build.op('Resize', [x, undefined, undefined, build.ints([2, 12, 9, 4])], {mode: 'linear'}),
  'Concat with a constant': (build, x) => build.op('Concat', [x, numbers(build, [2, 6, 8, 2])], {axis: -1}),
  'ReduceMean over the channels': (build, x) => build.op('ReduceMean', [x], {axes: [-1]}),
  'ReduceSum of rows': (build, x) => build.op('ReduceSum', [x, build.ints([1])]),
}

function write(inner: Between) {
  return (build: GraphBuilder): void => {
    const x = build.op('Relu', [build.input('x', SHAPE)])
    const back = second(build, inner(build, last(build, x)))
    build.output(build.op('Abs', [back], {}, {outputs: ['y']}))
  }
}

describe('sinkTransposes', () => {
  for (const [name, inner] of Object.entries(between)) {
    itRewrites({
      name: `takes both Transposes away around ${name}`,
      rule: sinkTransposes,
      write: write(inner),
      feeds: image,
      leaves: ['Relu', name.split(' ')[0] as string, 'Abs'],
    })
  }
  itRewrites({
    name: 'takes them away around the pads of an attribute',
    rule: sinkTransposes,
    opset: 10,
    write: write((build, x) => build.op('Pad', [x], {pads: [0, 1, 0, 0, 0, 2, 1, 3]})),
    feeds: image,
    leaves: ['Relu', 'Pad', 'Abs'],
  })
  itRewrites({
    name: 'takes them away around both sides of a gate and a residual Add',
    rule: sinkTransposes,
    write: (build) => {
      const x = build.op('Relu', [build.input('x', SHAPE)])
      const own = build.op('Add', [last(build, x), numbers(build, [4])])
      const gated = build.op('Mul', [own, build.op('HardSigmoid', [own])])
      const inner = build.op('Abs', [second(build, gated)])
      const sum = build.op('Add', [last(build, inner), gated])
      build.output(build.op('Neg', [second(build, sum)], {}, {outputs: ['y']}))
    },
    feeds: image,
    leaves: ['Relu', 'Add', 'HardSigmoid', 'Mul', 'Abs', 'Add', 'Neg'],
  })
  itRewrites({
    name: 'moves one Transpose behind what two of them are read by',
    rule: sinkTransposes,
    write: (build) => {
      const x = build.op('Relu', [build.input('x', SHAPE)])
      const parts = [last(build, x), last(build, build.op('Neg', [x]))]
      build.output(build.op('Concat', parts, {axis: 3}, {outputs: ['y']}))
    },
    feeds: image,
    leaves: ['Relu', 'Neg', 'Concat', 'Transpose'],
  })
  itRewrites({
    name: 'forgets the order of axes that a mean takes away',
    rule: sinkTransposes,
    write: (build) => {
      const x = build.op('Relu', [build.input('x', SHAPE)])
      const mean = build.op('ReduceMean', [last(build, x)], {axes: [1, 2], keepdims: 0})
      build.output(build.op('Neg', [mean], {}, {outputs: ['y']}))
    },
    feeds: image,
    leaves: ['Relu', 'ReduceMean', 'Neg'],
  })
  itRewrites({
    name: 'keeps the old order for other readers, and the name of an output',
    rule: sinkTransposes,
    write: (build) => {
      const x = build.op('Relu', [build.input('x', SHAPE)])
      const one = build.op('Add', [last(build, x), numbers(build, [4])], {}, {outputs: ['y']})
      const two = build.op('Mul', [build.op('Abs', [second(build, one)]), build.op('Neg', [second(build, one)])])
      build.output(build.op('Reshape', [one, build.ints([2, -1])], {}, {outputs: ['z']}))
      build.output(one)
      build.output(two)
    },
    feeds: image,
    leaves: ['Relu', 'Add', 'Transpose', 'Abs', 'Neg', 'Mul', 'Reshape'],
  })
  itDeclines({
    name: 'leaves a Transpose that would only move',
    rule: sinkTransposes,
    write: (build) => {
      const own = build.op('Add', [last(build, build.input('x', SHAPE)), numbers(build, [4])])
      build.output(build.op('Reshape', [own, build.ints([2, -1])]))
    },
    because: undefined,
  })
  itDeclines({
    name: 'leaves a mean whose axes would come out in another order',
    rule: sinkTransposes,
    write: (build) => {
      const mean = build.op('ReduceMean', [last(build, build.input('x', SHAPE))], {axes: [1], keepdims: 0})
      build.output(build.op('Neg', [mean]))
    },
    because: undefined,
  })
  itDeclines({
    name: 'leaves sequences whose samples come second',
    rule: sinkTransposes,
    write: (build) => {
      const turned = build.op('Transpose', [build.input('x', [5, 2, 4])], {perm: [1, 0, 2]})
      build.output(build.op('ReduceMax', [turned], {axes: [1], keepdims: 0}))
    },
    because: undefined,
  })
  itDeclines({
    name: 'leaves a Resize that interpolates, where the channels would come last',
    rule: sinkTransposes,
    write: (build) => {
      const x = second(build, build.input('x', SHAPE))
      const larger = build.op('Resize', [x, undefined, build.floats([1, 1, 2, 2])], {mode: 'linear'})
      build.output(last(build, larger))
    },
    because: undefined,
  })
  itDeclines({
    name: 'leaves an operand of fewer axes that is no constant',
    rule: sinkTransposes,
    write: (build) => {
      const sum = build.op('Add', [last(build, build.input('x', SHAPE)), build.input('b', [4])])
      build.output(build.op('Abs', [second(build, sum)]))
    },
    because: undefined,
  })
})
