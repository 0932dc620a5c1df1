import {float} from '../../../src/ir/attribute.js'
import {floatFeed} from '../../support/pass-trial.js'
import {itMeansTheSame} from '../../support/upgrade-trial.js'

const feeds = {x: floatFeed([1, 2, 4, 4])}

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
