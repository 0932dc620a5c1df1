import {expect} from 'chai'
import {float} from '../../../src/ir/attribute.js'
import {floatFeed} from '../../support/pass-trial.js'
import {itMeansTheSame, refusalOf, upgradedNodes} from '../../support/upgrade-trial.js'

const feeds = {x: floatFeed([1, 2, 4, 4])}

describe('scatterToScatterElements', () => {
  for (const attributes of [{}, {axis: 1}]) {
    itMeansTheSame({
      name: JSON.stringify(attributes),
      opset: 9,
      feeds: {x: floatFeed([3, 3])},
      write: (build) => {
        const indices = build.constant({dtype: 'int64', shape: [1, 2], read: () => BigInt64Array.of(1n, 0n)})
        const inputs = [build.input('x', [3, 3]), indices, build.floats([5, 6], [1, 2])]
        build.output(build.op('Scatter', inputs, attributes))
      },
    })
  }
})

describe('renameGridModes', () => {
  for (const attributes of [{}, {mode: 'bilinear', align_corners: 1}, {mode: 'bicubic'}, {mode: 'nearest'}]) {
    itMeansTheSame({
      name: JSON.stringify(attributes),
      opset: 16,
      feeds: {...feeds, grid: floatFeed([1, 3, 3, 2], 5)},
      to: [18, 21],
      write: (build) =>
        build.output(
          build.op('GridSample', [build.input('x', [1, 2, 4, 4]), build.input('grid', [1, 3, 3, 2])], attributes),
        ),
    })
  }
})

describe('setDefault', () => {
  for (const attributes of [{output_height: 2, output_width: 2, sampling_ratio: 2}, {spatial_scale: float(0.5)}]) {
    itMeansTheSame({
      name: `RoiAlign ${JSON.stringify(attributes)}`,
      opset: 10,
      feeds,
      to: [13, 18, 21],
      write: (build) => {
        const regions = build.floats([0, 0, 3, 3, 0.5, 1, 2.5, 3], [2, 4])
        build.output(build.op('RoiAlign', [build.input('x', [1, 2, 4, 4]), regions, build.ints([0, 0])], attributes))
      },
    })
  }
})

describe('axisToInput', () => {
  for (const attributes of [{}, {axis: 2, onesided: 1}]) {
    itMeansTheSame({
      name: `DFT ${JSON.stringify(attributes)}`,
      opset: 17,
      feeds: {x: floatFeed([2, 4, 8, 1])},
      to: [18, 20, 21],
      write: (build) => build.output(build.op('DFT', [build.input('x', [2, 4, 8, 1])], attributes)),
    })
  }
})

describe('imageScalerToMulAdd', () => {
  itMeansTheSame({
    name: 'a scale and a bias per channel',
    opset: 9,
    feeds,
    write: (build) =>
      build.output(
        build.op('ImageScaler', [build.input('x', [1, 2, 4, 4])], {
          scale: float(0.5),
          bias: {type: 'floats', value: [0.25, -1]},
        }),
      ),
  })
})

describe('first opsets', () => {
  it('reads names of element types, shapes as attributes, and hints nobody needs', async () => {
    const nodes = await upgradedNodes(
      (build) => {
        const x = build.input('x', [2, 3])
        const relu = build.op('Relu', [x], {consumed_inputs: [0]})
        const cast = build.op('Cast', [build.op('Reshape', [relu], {shape: [3, -1]})], {to: 'DOUBLE'})
        build.output(build.op('Concat', [cast, cast]))
      },
      1,
      13,
    )
    const [relu, reshape, cast, concat] = nodes
    expect(relu?.attributes.size).to.equal(0)
    expect(reshape?.inputs[1]?.constant?.read()).to.deep.equal(BigInt64Array.of(3n, -1n))
    expect([cast?.int('to', 0), concat?.int('axis', 0)]).to.deep.equal([11, 1])
  })

  it('knows every spelling of an element type, and refuses a name that is none', async () => {
    for (const [name, code] of [
      ['FLOAT', 1],
      ['INT64', 7],
      ['BOOL', 9],
      ['float16', 10],
    ] as const) {
      const [cast] = await upgradedNodes(
        (build) => build.output(build.op('Cast', [build.input('x', [2])], {to: name})),
        1,
        7,
      )
      expect(cast?.int('to', 0), name).to.equal(code)
    }
    const reason = await refusalOf(
      (build) => build.output(build.op('Cast', [build.input('x', [2])], {to: 'REAL'})),
      1,
      7,
    )
    expect(reason).to.contain("'real' names no element type")
  })
})
