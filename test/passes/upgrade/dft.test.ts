import {floatFeed} from '../../support/pass-trial.js'
import {itMeansTheSame} from '../../support/upgrade-trial.js'

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
