import {expect} from 'chai'
import {float32} from '../../../src/ir/tensor.js'
import {floatFeed, type Write} from '../../support/pass-trial.js'
import type {Results} from '../../support/run-graph.js'
import {itMeansTheSame, refusalOf} from '../../support/upgrade-trial.js'

const x = floatFeed([2, 3, 4, 5])

/** What an operator gives by its definition, `b` belonging to axis 1 of `[2, 3, 4, 5]`. */
function perChannel(name: string, b: readonly number[], operation: (x: number, b: number) => number): Results {
  const data = (x.data as Float32Array).map((value, i) => operation(value, b[Math.floor(i / 20) % 3] as number))
  return {[name]: {type: 'float32', dims: [2, 3, 4, 5], data}}
}

/** ONNX Runtime has no kernels for these versions: the definition is the witness. */
describe('broadcastFromLastAxis', () => {
  for (const [type, operation] of [
    ['Add', (a: number, b: number) => a + b],
    ['Sub', (a: number, b: number) => a - b],
    ['Mul', (a: number, b: number) => a * b],
    ['Div', (a: number, b: number) => a / b],
  ] as const) {
    const values = [1, 2, -4]
    itMeansTheSame({
      name: `${type} along axis 1`,
      opset: 6,
      feeds: {x},
      stated: perChannel('y', values, operation),
      write: (build) => {
        const inputs = [build.input('x', ['N', 3, 4, 5]), build.floats(values)]
        build.output(build.op(type, inputs, {broadcast: 1, axis: 1}, {outputs: ['y']}))
      },
    })
  }

  itMeansTheSame({
    name: 'an operand that is computed',
    opset: 6,
    feeds: {x, b: floatFeed([3])},
    stated: perChannel('y', [...(floatFeed([3]).data as Float32Array)], (a, b) => Math.fround(a + b)),
    write: (build) => {
      const inputs = [build.input('x', [2, 3, 4, 5]), build.op('Neg', [build.op('Neg', [build.input('b', [3])])])]
      build.output(build.op('Add', inputs, {broadcast: 1, axis: 1}, {outputs: ['y']}))
    },
  })

  it('refuses where a rank is not known', async () => {
    const write: Write = (build) =>
      build.output(build.op('Add', [build.input('x', undefined), build.floats([1])], {broadcast: 1, axis: 1}))
    expect(await refusalOf(write, 6, 7)).to.contain('the ranks it broadcasts are not known')
  })
})

describe('slopePerChannel', () => {
  for (const slopes of [[0.5, -1, 2], [0.25]]) {
    itMeansTheSame({
      name: `${slopes.length} slopes`,
      opset: 6,
      feeds: {x},
      stated: perChannel('y', slopes.length === 3 ? slopes : [0.25, 0.25, 0.25], (a, b) => (a < 0 ? a * b : a)),
      write: (build) => {
        const inputs = [build.input('x', ['N', 3, 4, 5]), build.constant(float32(slopes))]
        build.output(build.op('PRelu', inputs, {}, {outputs: ['y']}))
      },
    })
  }
})
