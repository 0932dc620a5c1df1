import {expect} from 'chai'
import {type AttributeLike, float} from '../../../../src/ir/attribute.js'
import type {GraphBuilder} from '../../../../src/ir/build.js'
import type {Value} from '../../../../src/ir/value.js'
import {foldPad} from '../../../../src/passes/simplify/rules/fold-pad.js'
import {apply, floatFeed, modelOf, onlyNode, randomFloats, type Write} from '../../../support/pass-trial.js'
import {itDeclines, itRewrites, passOf} from '../../../support/rule-trial.js'

type Attributes = Record<string, AttributeLike>

const AMOUNTS = [0, 0, 1, 2, 0, 0, 0, 1]

function padded(build: GraphBuilder, x: Value, value?: number, amounts: readonly number[] = AMOUNTS): Value {
  return build.op('Pad', [x, build.ints(amounts), ...(value === undefined ? [] : [build.scalar(value)])])
}

function conv(build: GraphBuilder, x: Value, attributes: Attributes = {}): Value {
  return build.op('Conv', [x, build.floats(randomFloats(6 * 4 * 9, 1), [6, 4, 3, 3])], attributes, {outputs: ['y']})
}

function pool(build: GraphBuilder, opType: string, x: Value, attributes: Attributes = {}): Value {
  return build.op(opType, [x], {kernel_shape: [3, 3], ...attributes}, {outputs: ['y']})
}

function input(build: GraphBuilder): Value {
  return build.input('x', ['N', 4, 6, 6])
}

const feeds = {x: floatFeed([2, 4, 6, 6])}

describe('foldPad', () => {
  const rewrites: readonly (readonly [string, Write, readonly string[], number?])[] = [
    ['Pad into Conv', (build) => build.output(conv(build, padded(build, input(build)))), ['Conv']],
    [
      'Pad into a Conv with padding and strides of its own',
      (build) => build.output(conv(build, padded(build, input(build), 0), {pads: [1, 0, 2, 1], strides: [2, 1]})),
      ['Conv'],
    ],
    [
      'Pad into a Conv with auto_pad VALID',
      (build) => build.output(conv(build, padded(build, input(build)), {auto_pad: 'VALID'})),
      ['Conv'],
    ],
    [
      'Pad that names its axes',
      (build) => {
        const pad = build.op('Pad', [input(build), build.ints([1, 2, 0, 1]), undefined, build.ints([-1, 2])])
        build.output(conv(build, pad))
      },
      ['Conv'],
      18,
    ],
    [
      'Pad with attributes, as before opset 11',
      (build) => build.output(conv(build, build.op('Pad', [input(build)], {pads: AMOUNTS, value: float(0)}))),
      ['Conv'],
      10,
    ],
    [
      'Pad into AveragePool, which then counts the padding',
      (build) => build.output(pool(build, 'AveragePool', padded(build, input(build)))),
      ['AveragePool'],
    ],
    [
      'Pad into an AveragePool that counts its own',
      (build) => {
        const attributes = {pads: [1, 0, 1, 1], count_include_pad: 1}
        build.output(pool(build, 'AveragePool', padded(build, input(build)), attributes))
      },
      ['AveragePool'],
    ],
    [
      'Pad with minus infinity into MaxPool',
      (build) => build.output(pool(build, 'MaxPool', padded(build, input(build), Number.NEGATIVE_INFINITY))),
      ['MaxPool'],
    ],
    [
      'Pad with 0 into MaxPool behind Relu',
      (build) => build.output(pool(build, 'MaxPool', padded(build, build.op('Relu', [input(build)]), 0))),
      ['Relu', 'MaxPool'],
    ],
  ]
  for (const [name, write, leaves, opset] of rewrites) {
    itRewrites({name: `folds ${name}`, rule: foldPad, write, feeds, leaves, ...(opset && {opset})})
  }

  it('adds the amounts to those of the Conv', async () => {
    const model = modelOf((build) => build.output(conv(build, padded(build, input(build)), {pads: [1, 0, 2, 1]})))
    await apply(passOf(foldPad, model), model)
    expect(onlyNode(model, 'Conv').ints('pads', [])).to.deep.equal([2, 2, 2, 2])
  })

  const declines: readonly (readonly [string, Write, RegExp | undefined])[] = [
    [
      'another value before Conv',
      (build) => build.output(conv(build, padded(build, input(build), 1))),
      /pads with 0, not with 1/,
    ],
    [
      'reflection',
      (build) => build.output(conv(build, build.op('Pad', [input(build), build.ints(AMOUNTS)], {mode: 'reflect'}))),
      /pads by reflect/,
    ],
    [
      'padded channels',
      (build) => {
        const pad = build.op('Pad', [build.input('x', ['N', 3, 6, 6]), build.ints([0, 1, 0, 0, 0, 0, 0, 0])])
        build.output(conv(build, pad))
      },
      /the batch or the channels/,
    ],
    [
      'a Pad that cuts',
      (build) => build.output(conv(build, padded(build, input(build), 0, [0, 0, -1, 0, 0, 0, 0, 0]))),
      /it cuts/,
    ],
    [
      'amounts that are computed',
      (build) => build.output(conv(build, build.op('Pad', [input(build), build.input('p', [8], 'int64')]))),
      /not constant/,
    ],
    [
      'a Conv that computes its padding',
      (build) => build.output(conv(build, padded(build, input(build)), {auto_pad: 'SAME_LOWER'})),
      /computes its own padding/,
    ],
    [
      'a Pad with other readers',
      (build) => {
        const pad = padded(build, input(build))
        build.output(conv(build, pad))
        build.output(build.op('Abs', [pad]))
      },
      /other consumers/,
    ],
    [
      'an AveragePool that does not count its own padding',
      (build) => build.output(pool(build, 'AveragePool', padded(build, input(build)), {pads: [1, 1, 1, 1]})),
      /leaves its own padding out/,
    ],
    [
      'a MaxPool of what may be negative',
      (build) => build.output(pool(build, 'MaxPool', padded(build, input(build), 0))),
      /the lowest number, not with 0/,
    ],
    [
      'a MaxPool that rounds up',
      (build) => {
        const data = padded(build, build.op('Relu', [input(build)]), 0)
        build.output(pool(build, 'MaxPool', data, {ceil_mode: 1, strides: [2, 2]}))
      },
      /rounds its size up/,
    ],
    [
      'as much padding as the window is wide',
      (build) => {
        const data = padded(build, build.op('Relu', [input(build)]), 0, [0, 0, 3, 0, 0, 0, 0, 0])
        build.output(pool(build, 'MaxPool', data))
      },
      /as large as the window/,
    ],
    [
      'a MaxPool whose indices are read',
      (build) => {
        const data = padded(build, build.op('Relu', [input(build)]), 0)
        const node = build.node('MaxPool', [data], {kernel_shape: [3, 3]}, {outputs: 2})
        for (const value of node.outputs) build.output(value as Value)
      },
      /the indices/,
    ],
    [
      'a Pad before something else',
      (build) => build.output(build.op('Relu', [padded(build, input(build))])),
      undefined,
    ],
  ]
  for (const [name, write, because] of declines) {
    itDeclines({name: `leaves ${name}`, rule: foldPad, write, because})
  }
})
