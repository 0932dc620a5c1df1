import {expect} from 'chai'
import type {GraphBuilder} from '../../../../src/ir/build.js'
import type {Value} from '../../../../src/ir/value.js'
import {
  fuseLayerNormalization,
  fuseOrtLayerNormalization,
} from '../../../../src/passes/simplify/rules/fuse-layer-normalization.js'
import {apply, floatFeed, modelOf, onlyNode, randomFloats, type Write} from '../../../support/pass-trial.js'
import {itDeclines, itRewrites, passOf} from '../../../support/rule-trial.js'

/** How exporters differ. */
interface Form {
  readonly square?: 'Pow' | 'Mul'
  readonly root?: 'Sqrt' | 'Pow'
  readonly divide?: 'Div' | 'Reciprocal' | 'one over'
  /** The difference is computed twice. */
  readonly twice?: boolean
  readonly cast?: boolean
  readonly affine?: readonly ('Mul' | 'Add')[]
  readonly axes?: readonly number[]
  readonly shape?: readonly (number | string)[]
  readonly isCentred?: boolean
  readonly axesAsInput?: boolean
}

function mean(build: GraphBuilder, x: Value, {axes = [-1], axesAsInput}: Form): Value {
  return axesAsInput ? build.op('ReduceMean', [x, build.ints(axes)]) : build.op('ReduceMean', [x], {axes: [...axes]})
}

function layerNormalization(build: GraphBuilder, x: Value, form: Form): Value {
  const {square = 'Pow', root = 'Sqrt', divide = 'Div', affine = ['Mul', 'Add'], isCentred = true} = form
  const average = isCentred ? mean(build, x, form) : undefined
  const difference = average ? build.op('Sub', [x, average]) : x
  const again = average && form.twice ? build.op('Sub', [x, average]) : difference
  const base = form.cast ? build.op('Cast', [again], {to: 1}) : again
  const squares = square === 'Pow' ? build.op('Pow', [base, build.scalar(2)]) : build.op('Mul', [base, base])
  const variance = build.op('Add', [mean(build, squares, form), build.scalar(1e-5)])
  const deviation = root === 'Sqrt' ? build.op('Sqrt', [variance]) : build.op('Pow', [variance, build.scalar(0.5)])
  const normalized = divided(build, difference, deviation, divide)
  const sizes = ((form.shape ?? [2, 3, 8]) as number[]).slice(-(form.axes?.length ?? 1))
  const count = sizes.reduce((product, size) => product * size, 1)
  return affine.reduce(
    (y, opType, i) => build.op(opType, [y, build.floats(randomFloats(count, 9 + i), sizes)]),
    normalized,
  )
}

function divided(build: GraphBuilder, top: Value, bottom: Value, how: NonNullable<Form['divide']>): Value {
  if (how === 'Div') return build.op('Div', [top, bottom])
  const inverse = how === 'Reciprocal' ? build.op('Reciprocal', [bottom]) : build.op('Div', [build.scalar(1), bottom])
  return build.op('Mul', [top, inverse])
}

function writing(form: Form): Write {
  return (build) => {
    const x = build.input('x', form.shape ?? ['N', 3, 8])
    build.output(build.op('Identity', [layerNormalization(build, x, form)], {}, {outputs: ['y']}))
  }
}

const FORMS: readonly Form[] = [
  {},
  {square: 'Mul'},
  {root: 'Pow'},
  {divide: 'Reciprocal', square: 'Mul'},
  {divide: 'one over', twice: true},
  {cast: true},
  {affine: []},
  {affine: ['Mul']},
  {axes: [2]},
  {axes: [-2, -1], shape: [2, 3, 8]},
]

describe('fuseLayerNormalization', () => {
  for (const form of FORMS) {
    itRewrites({
      name: `recognizes ${JSON.stringify(form)}`,
      rule: fuseLayerNormalization,
      write: writing(form),
      feeds: {x: floatFeed([2, 3, 8])},
      leaves: ['LayerNormalization', 'Identity'],
    })
  }
  itRewrites({
    name: 'reads axes that are inputs, as opset 18 has them',
    rule: fuseLayerNormalization,
    write: writing({axesAsInput: true}),
    opset: 18,
    feeds: {x: floatFeed([2, 3, 8])},
    leaves: ['LayerNormalization', 'Identity'],
  })
  itRewrites({
    name: 'leaves an Add that is not of the normalized shape behind it',
    rule: fuseLayerNormalization,
    write: (build) => {
      const y = layerNormalization(build, build.input('x', [2, 3, 8]), {affine: ['Mul']})
      build.output(build.op('Add', [y, build.floats(randomFloats(24, 4), [3, 8])], {}, {outputs: ['y']}))
    },
    feeds: {x: floatFeed([2, 3, 8])},
    leaves: ['LayerNormalization', 'Add'],
  })
  itRewrites({
    name: 'writes RMSNormalization from opset 23 on',
    rule: fuseLayerNormalization,
    write: writing({isCentred: false, affine: ['Mul'], axesAsInput: true}),
    opset: 23,
    feeds: {x: floatFeed([2, 3, 8])},
    leaves: ['RMSNormalization', 'Identity'],
  })

  it('keeps the epsilon and the axis', async () => {
    const model = modelOf(writing({axes: [-2, -1], shape: [2, 3, 8]}))
    await apply(passOf(fuseLayerNormalization, model), model)
    const node = onlyNode(model, 'LayerNormalization')
    expect(node.float('epsilon', 0)).to.be.closeTo(1e-5, 1e-10)
    expect(node.int('axis', 0)).to.equal(-2)
  })

  const declines: readonly (readonly [string, Write, RegExp | undefined, number?])[] = [
    [
      'an older opset, and says which one it needs',
      writing({}),
      /needs opset 17, the model has 13: --opset 17 raises it$/,
      13,
    ],
    ['RMS below opset 23', writing({isCentred: false, affine: ['Mul']}), /RMSNormalization needs opset 23/],
    [
      'a deviation that something else reads',
      (build) => {
        const y = layerNormalization(build, build.input('x', ['N', 3, 8]), {affine: []})
        build.output(y)
        build.output(build.op('Abs', [y.producer?.inputs[1]]))
      },
      /Sqrt .* inside the pattern is used elsewhere/,
    ],
    ['means over an axis in the middle', writing({axes: [1], shape: [2, 3, 8], affine: []}), undefined],
    [
      'another mean under the root',
      (build) => {
        const [x, z] = [build.input('x', ['N', 3, 8]), build.input('z', ['N', 3, 8])]
        const difference = build.op('Sub', [x, mean(build, x, {})])
        const variance = mean(build, build.op('Mul', [z, z]), {})
        const root = build.op('Sqrt', [build.op('Add', [variance, build.scalar(1e-5)])])
        build.output(build.op('Div', [difference, root]))
      },
      undefined,
    ],
    ['sizes that are not known, without a scale', writing({shape: ['N', 3, 'D'], affine: []}), /sizes are not known/],
  ]
  for (const [name, write, because, opset] of declines) {
    itDeclines({name: `leaves ${name}`, rule: fuseLayerNormalization, write, because, ...(opset && {opset})})
  }
})

describe('fuseOrtLayerNormalization', () => {
  itRewrites({
    name: 'writes LayerNormalization at an opset that does not have it yet',
    rule: fuseOrtLayerNormalization,
    write: writing({}),
    opset: 13,
    feeds: {x: floatFeed([2, 3, 8])},
    leaves: ['LayerNormalization', 'Identity'],
  })
  itRewrites({
    name: "writes ONNX Runtime's own operator for RMS",
    rule: fuseOrtLayerNormalization,
    write: writing({isCentred: false, affine: ['Mul']}),
    opset: 13,
    feeds: {x: floatFeed([2, 3, 8])},
    leaves: ['SimplifiedLayerNormalization', 'Identity'],
  })
})
