import {float} from '../../../../src/ir/attribute.js'
import type {GraphBuilder} from '../../../../src/ir/build.js'
import type {Value} from '../../../../src/ir/value.js'
import {fuseHardSigmoid} from '../../../../src/passes/simplify/rules/fuse-hard-sigmoid.js'
import {floatFeed} from '../../../support/pass-trial.js'
import {itDeclines, itRewrites} from '../../../support/rule-trial.js'

type Form = (build: GraphBuilder, x: Value) => Value

const feeds = {x: floatFeed([2, 3, 8], 7, 8)}

function ramp(build: GraphBuilder, x: Value, {offset = 3, least = 0, most = 6} = {}): Value {
  return build.op('Clip', [build.op('Add', [x, build.scalar(offset)]), build.scalar(least), build.scalar(most)])
}

function divided(build: GraphBuilder, x: Value, by = 6): Value {
  return build.op('Div', [x, build.scalar(by)])
}

function writing(form: Form) {
  return (build: GraphBuilder) => {
    const x = build.op('Identity', [build.input('x', ['N', 3, 8])])
    build.output(build.op('Identity', [form(build, x)], {}, {outputs: ['y']}))
  }
}

describe('fuseHardSigmoid', () => {
  const gates: Readonly<Record<string, Form>> = {
    'Clip(x + 3, 0, 6) / 6': (build, x) => divided(build, ramp(build, x)),
    'Clip(x + 3, 0, 6) · 1/6': (build, x) => build.op('Mul', [build.scalar(1 / 6), ramp(build, x)]),
    'Clip(x + 1, 0, 2) / 2': (build, x) => divided(build, ramp(build, x, {offset: 1, most: 2}), 2),
  }
  for (const [name, form] of Object.entries(gates)) {
    const leaves = ['Identity', 'HardSigmoid', 'Identity']
    itRewrites({name, rule: fuseHardSigmoid, write: writing(form), feeds, leaves})
  }
  const products: Readonly<Record<string, Form>> = {
    'x · Clip(x + 3, 0, 6) / 6': (build, x) => divided(build, build.op('Mul', [x, ramp(build, x)])),
    'Clip(x + 3, 0, 6) · x · 1/6': (build, x) =>
      build.op('Mul', [build.op('Mul', [ramp(build, x), x]), build.scalar(1 / 6)]),
  }
  for (const [name, form] of Object.entries(products)) {
    const leaves = ['Identity', 'HardSigmoid', 'Mul', 'Identity']
    itRewrites({name, rule: fuseHardSigmoid, write: writing(form), feeds, leaves})
  }
  itRewrites({
    name: 'Clip with attributes, as before opset 11',
    rule: fuseHardSigmoid,
    write: writing((build, x) => {
      const sum = build.op('Add', [x, build.scalar(3)])
      return divided(build, build.op('Clip', [sum], {min: float(0), max: float(6)}))
    }),
    opset: 9,
    feeds,
    leaves: ['Identity', 'HardSigmoid', 'Identity'],
  })

  const others: Readonly<Record<string, Form>> = {
    'a Clip from another bound': (build, x) => divided(build, ramp(build, x, {least: -1})),
    'another divisor': (build, x) => divided(build, ramp(build, x), 5),
    'a product with something else': (build, x) =>
      divided(build, build.op('Mul', [build.op('Abs', [x]), ramp(build, x)])),
    'a Clip with other readers': (build, x) => {
      const clip = ramp(build, x)
      return build.op('Add', [divided(build, clip), clip])
    },
  }
  for (const [name, form] of Object.entries(others)) {
    itDeclines({name: `leaves ${name}`, rule: fuseHardSigmoid, write: writing(form), because: undefined})
  }
})
