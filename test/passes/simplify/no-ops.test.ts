import {Tensor as OrtTensor} from 'onnxruntime-node'
import type {GraphBuilder} from '../../../src/ir/build.js'
import {GraphBuilder as Builder} from '../../../src/ir/build.js'
import {Graph} from '../../../src/ir/graph.js'
import type {Value} from '../../../src/ir/value.js'
import type {Pass} from '../../../src/passes/pass.js'
import type {Rule} from '../../../src/passes/simplify/rule.js'
import {removeExpand} from '../../../src/passes/simplify/rules/remove-expand.js'
import {removeInverses} from '../../../src/passes/simplify/rules/remove-inverses.js'
import {removeNeutralOperand} from '../../../src/passes/simplify/rules/remove-neutral-operand.js'
import {removePad} from '../../../src/passes/simplify/rules/remove-pad.js'
import {removeSingleInput} from '../../../src/passes/simplify/rules/remove-single-input.js'
import {removeSlice} from '../../../src/passes/simplify/rules/remove-slice.js'
import {removeWhere} from '../../../src/passes/simplify/rules/remove-where.js'
import {floatFeed} from '../../support/pass-trial.js'
import {itDeclines, itRewrites} from '../../support/rule-trial.js'

type Call = (build: GraphBuilder, x: Value) => Value

interface NoOp {
  readonly rule: Rule | Pass
  readonly call: Call
  readonly opset?: number
}

const END = 2 ** 31 - 1

/** Calls on x [N, 3] that give x. */
const NO_OPS: Readonly<Record<string, NoOp>> = {
  'a Slice from 0 to the end': {
    rule: removeSlice,
    call: (build, x) => build.op('Slice', [x, build.ints([0]), build.ints([END])]),
  },
  'a Slice of a known size': {
    rule: removeSlice,
    call: (build, x) => build.op('Slice', [x, build.ints([-3]), build.ints([3]), build.ints([1])]),
  },
  'a Slice of opset 9': {
    rule: removeSlice,
    opset: 9,
    call: (build, x) => build.op('Slice', [x], {starts: [0], ends: [END], axes: [0]}),
  },
  'an Expand to the same shape': {
    rule: removeExpand,
    call: (build, x) => build.op('Expand', [x, build.ints([1, 3])]),
  },
  'a Tile of once': {rule: removeExpand, call: (build, x) => build.op('Tile', [x, build.ints([1, 1])])},
  'a Pad by nothing': {rule: removePad, call: (build, x) => build.op('Pad', [x, build.ints([0, 0, 0, 0])])},
  'a Pad by nothing at opset 9': {
    rule: removePad,
    opset: 9,
    call: (build, x) => build.op('Pad', [x], {pads: [0, 0, 0, 0]}),
  },
  'a Concat of one': {rule: removeSingleInput, call: (build, x) => build.op('Concat', [x], {axis: 1})},
  'a Sum of one': {rule: removeSingleInput, call: (build, x) => build.op('Sum', [x])},
  'Neg after Neg': {rule: removeInverses, call: (build, x) => build.op('Neg', [build.op('Neg', [x])])},
  'Add 0': {rule: removeNeutralOperand, call: (build, x) => build.op('Add', [x, build.scalar(0)])},
  '0 Add': {rule: removeNeutralOperand, call: (build, x) => build.op('Add', [build.floats([0, 0, 0]), x])},
  'Sub 0': {rule: removeNeutralOperand, call: (build, x) => build.op('Sub', [x, build.scalar(0)])},
  'Mul 1': {rule: removeNeutralOperand, call: (build, x) => build.op('Mul', [build.floats([1, 1, 1], [1, 3]), x])},
  'Div 1': {rule: removeNeutralOperand, call: (build, x) => build.op('Div', [x, build.scalar(1)])},
  'Pow 1': {rule: removeNeutralOperand, call: (build, x) => build.op('Pow', [x, build.scalar(1)])},
  'a Where that is always true': {
    rule: removeWhere,
    call: (build, x) => build.op('Where', [build.scalar(1, 'bool'), x, build.scalar(7)]),
  },
  'a Where that is always false': {
    rule: removeWhere,
    call: (build, x) => build.op('Where', [build.scalar(0, 'bool'), build.scalar(7), x]),
  },
}

/** Calls that look like those above and are not. */
const LOOKALIKES: Readonly<Record<string, NoOp & {because?: RegExp}>> = {
  'a Slice with a step': {
    rule: removeSlice,
    call: (build, x) => build.op('Slice', [x, build.ints([0]), build.ints([END]), build.ints([1]), build.ints([2])]),
  },
  'a Slice backwards': {
    rule: removeSlice,
    call: (build, x) =>
      build.op('Slice', [x, build.ints([-1]), build.ints([-END - 1]), build.ints([1]), build.ints([-1])]),
  },
  'a Slice that leaves something out': {
    rule: removeSlice,
    call: (build, x) => build.op('Slice', [x, build.ints([0]), build.ints([2]), build.ints([1])]),
  },
  'an Expand that stretches': {rule: removeExpand, call: (build, x) => build.op('Expand', [x, build.ints([2, 1, 3])])},
  'a Pad by something': {rule: removePad, call: (build, x) => build.op('Pad', [x, build.ints([0, 0, 0, 1])])},
  '0 Sub': {rule: removeNeutralOperand, call: (build, x) => build.op('Sub', [build.scalar(0), x])},
  '1 Div': {rule: removeNeutralOperand, call: (build, x) => build.op('Div', [build.scalar(1), x])},
  'Add of zeros that stretches': {
    rule: removeNeutralOperand,
    call: (build, x) => build.op('Add', [x, build.floats([0, 0, 0, 0, 0, 0], [2, 1, 3])]),
    because: /stretch/,
  },
  'Add of almost zero': {
    rule: removeNeutralOperand,
    call: (build, x) => build.op('Add', [x, build.floats([0, 0, 1e-9])]),
  },
  'scale and offset of a normalization, which ONNX Runtime recognizes only whole': {
    rule: removeNeutralOperand,
    call: (build, x) => {
      const difference = build.op('Sub', [x, build.op('ReduceMean', [x], {axes: [-1]})])
      const variance = build.op('ReduceMean', [build.op('Pow', [difference, build.scalar(2)])], {axes: [-1]})
      const normal = build.op('Div', [difference, build.op('Sqrt', [build.op('Add', [variance, build.scalar(1e-5)])])])
      return build.op('Add', [build.op('Mul', [normal, build.floats([1, 1, 1])]), build.floats([0, 0, 0])])
    },
    because: /it ends a normalization.*it ends a normalization/,
  },
  'a Where that is both': {
    rule: removeWhere,
    call: (build, x) => {
      const condition = build.op('Less', [x, build.scalar(0)])
      return build.op('Where', [condition, x, build.scalar(7)])
    },
  },
  'Neg after Abs': {rule: removeInverses, call: (build, x) => build.op('Neg', [build.op('Abs', [x])])},
}

describe('rules that remove what does nothing', () => {
  for (const [name, {rule, call, opset}] of Object.entries(NO_OPS)) {
    itRewrites({
      name: `remove ${name}`,
      rule,
      ...(opset !== undefined && {opset}),
      write: (build) =>
        build.output(build.op('Sigmoid', [call(build, build.input('x', ['N', 3]))], {}, {outputs: ['y']})),
      feeds: {x: floatFeed([2, 3])},
      leaves: ['Sigmoid'],
    })
    itRewrites({
      name: `remove ${name} before an output, which keeps its name`,
      rule,
      ...(opset !== undefined && {opset}),
      write: (build) => {
        const y = call(build, build.op('Sigmoid', [build.input('x', ['N', 3])]))
        build.output(build.op('Identity', [y], {}, {outputs: ['again']}))
        build.output(y)
      },
      feeds: {x: floatFeed([2, 3])},
      leaves: ['Sigmoid', 'Identity'],
    })
  }
  for (const [name, {rule, call, because}] of Object.entries(LOOKALIKES)) {
    itDeclines({
      name: `leave ${name}`,
      rule,
      write: (build) => build.output(build.op('Sigmoid', [call(build, build.input('x', ['N', 3]))])),
      because,
    })
  }

  itRewrites({
    name: 'remove the second of two Relu, and Not after Not',
    rule: removeInverses,
    write: (build) => {
      const twice = build.op('Relu', [build.op('Relu', [build.input('x', [3])])])
      const same = build.op('Not', [build.op('Not', [build.input('b', [3], 'bool')])])
      build.output(build.op('Where', [same, twice, build.scalar(2)], {}, {outputs: ['y']}))
    },
    feeds: {x: floatFeed([3]), b: new OrtTensor('bool', Uint8Array.of(1, 0, 1), [3])},
    leaves: ['Relu', 'Where'],
  })
  itRewrites({
    name: 'work inside branches, on values from outside too',
    rule: removeNeutralOperand,
    write: (build) => {
      const x = build.input('x', [3])
      const branch = (name: string, number: number) => {
        const graph = new Graph(name, build.graph)
        const inner = new Builder(graph)
        inner.output(inner.op('Relu', [inner.op('Mul', [x, inner.scalar(number)])]))
        return graph
      }
      const condition = build.input('c', [], 'bool')
      build.output(
        build.op('If', [condition], {then_branch: branch('t', 1), else_branch: branch('e', 2)}, {outputs: ['y']}),
      )
    },
    feeds: {x: floatFeed([3]), c: new OrtTensor('bool', Uint8Array.of(1), [])},
    leaves: ['If', 'Relu', 'Mul', 'Relu'],
  })
})
