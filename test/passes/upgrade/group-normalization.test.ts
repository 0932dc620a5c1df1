import {floatFeed} from '../../support/pass-trial.js'
import {itMeansTheSame} from '../../support/upgrade-trial.js'

describe('parametersPerChannel', () => {
  for (const channels of [6, 'C'] as const) {
    itMeansTheSame({
      name: `of ${channels} channels in 3 groups`,
      opset: 18,
      feeds: {x: floatFeed([2, 6, 4])},
      write: (build) => {
        const parameters = [build.floats([1, -2, 0.5]), build.floats([0.25, 0, -1])]
        const inputs = [build.input('x', [2, channels, 4]), ...parameters]
        build.output(build.op('GroupNormalization', inputs, {num_groups: 3}))
      },
    })
  }
})
