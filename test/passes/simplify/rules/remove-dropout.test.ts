import {removeDropout} from '../../../../src/passes/simplify/rules/remove-dropout.js'
import {floatFeed} from '../../../support/pass-trial.js'
import {itDeclines, itRewrites} from '../../../support/rule-trial.js'

describe('removeDropout', () => {
  const feeds = {x: floatFeed([4])}
  for (const opset of [7, 10, 12, 13]) {
    itRewrites({
      name: `removes it at opset ${opset}, where it does nothing in inference`,
      rule: removeDropout,
      opset,
      write: (build) => build.output(build.op('Relu', [build.op('Dropout', [build.input('x', [4])])])),
      feeds,
      leaves: ['Relu'],
    })
  }
  itRewrites({
    name: 'removes it when training_mode is a constant false',
    rule: removeDropout,
    write: (build) => {
      const x = build.input('x', [4])
      const y = build.op('Dropout', [x, build.scalar(0.5), build.scalar(0, 'bool')])
      build.output(build.op('Relu', [y]))
    },
    feeds,
    leaves: ['Relu'],
  })
  itDeclines({
    name: 'leaves one in training mode',
    rule: removeDropout,
    write: (build) => {
      const x = build.input('x', [4])
      build.output(build.op('Relu', [build.op('Dropout', [x, build.scalar(0.5), build.scalar(1, 'bool')])]))
    },
    because: /training mode/,
  })
  itDeclines({
    name: 'leaves one that may be in training mode',
    rule: removeDropout,
    write: (build) => {
      const mode = build.input('mode', [], 'bool')
      build.output(build.op('Relu', [build.op('Dropout', [build.input('x', [4]), build.scalar(0.5), mode])]))
    },
    because: /training mode/,
  })
  itDeclines({
    name: 'leaves one whose mask is used',
    rule: removeDropout,
    write: (build) => {
      const node = build.node('Dropout', [build.input('x', [4])], {}, {outputs: 2})
      for (const value of node.outputs) if (value) build.output(build.op('Identity', [value]))
    },
    because: /mask/,
  })
})
