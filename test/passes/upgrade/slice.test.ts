import {floatFeed} from '../../support/pass-trial.js'
import {itMeansTheSame} from '../../support/upgrade-trial.js'

describe('rangesToInputs', () => {
  for (const attributes of [
    {starts: [1], ends: [3]},
    {starts: [0, -2], ends: [2, 2 ** 40], axes: [0, 1]},
    {starts: [1], ends: [-1], axes: [1]},
  ]) {
    itMeansTheSame({
      name: JSON.stringify(attributes),
      opset: 7,
      feeds: {x: floatFeed([4, 5])},
      write: (build) => build.output(build.op('Slice', [build.input('x', ['N', 5])], attributes)),
    })
  }
})
