import {floatFeed} from '../../support/pass-trial.js'
import {itMeansTheSame} from '../../support/upgrade-trial.js'

describe('kToInput', () => {
  for (const attributes of [{k: 2}, {k: 3, axis: 0}]) {
    itMeansTheSame({
      name: JSON.stringify(attributes),
      opset: 7,
      feeds: {x: floatFeed([4, 5])},
      write: (build) => {
        const {outputs} = build.node('TopK', [build.input('x', [4, 5])], attributes, {outputs: 2})
        for (const value of outputs) if (value) build.output(value)
      },
    })
  }
})
