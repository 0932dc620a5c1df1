import {floatFeed} from '../../support/pass-trial.js'
import {itMeansTheSame} from '../../support/upgrade-trial.js'

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
