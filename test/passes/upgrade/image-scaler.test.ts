import {float} from '../../../src/ir/attribute.js'
import {floatFeed} from '../../support/pass-trial.js'
import {itMeansTheSame} from '../../support/upgrade-trial.js'

const feeds = {x: floatFeed([1, 2, 4, 4])}

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
