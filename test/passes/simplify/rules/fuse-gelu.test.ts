import {expect} from 'chai'
import type {GraphBuilder} from '../../../../src/ir/build.js'
import type {Value} from '../../../../src/ir/value.js'
import {fuseGelu, fuseOrtGelu} from '../../../../src/passes/simplify/rules/fuse-gelu.js'
import {apply, floatFeed, modelOf, onlyNode, type Write} from '../../../support/pass-trial.js'
import {itDeclines, itRewrites, passOf} from '../../../support/rule-trial.js'

type Form = (build: GraphBuilder, x: Value) => Value

function erfGate(build: GraphBuilder, x: Value, by: 'Div' | 'Mul' = 'Div'): Value {
  const inner = build.op(by, [x, build.scalar(by === 'Div' ? Math.SQRT2 : Math.SQRT1_2)])
  return build.op('Add', [build.op('Erf', [inner]), build.scalar(1)])
}

function tanhGate(build: GraphBuilder, inner: Value): Value {
  const scaled = build.op('Mul', [build.scalar(Math.sqrt(2 / Math.PI)), inner])
  return build.op('Add', [build.scalar(1), build.op('Tanh', [scaled])])
}

function half(build: GraphBuilder, x: Value): Value {
  return build.op('Mul', [x, build.scalar(0.5)])
}

const EXACT: Readonly<Record<string, Form>> = {
  'x·gate·½': (build, x) => half(build, build.op('Mul', [x, erfGate(build, x)])),
  '(x·½)·gate': (build, x) => build.op('Mul', [half(build, x), erfGate(build, x, 'Mul')]),
  'x·(gate·½)': (build, x) => build.op('Mul', [half(build, erfGate(build, x)), x]),
  '(x·gate)/2': (build, x) => build.op('Div', [build.op('Mul', [erfGate(build, x), x]), build.scalar(2)]),
}

const TANH: Readonly<Record<string, Form>> = {
  'x + c·Pow(x, 3)': (build, x) => {
    const cubic = build.op('Mul', [build.op('Pow', [x, build.scalar(3)]), build.scalar(0.044715)])
    return build.op('Mul', [half(build, x), tanhGate(build, build.op('Add', [x, cubic]))])
  },
  'x + c·x·x·x': (build, x) => {
    const cube = build.op('Mul', [build.op('Mul', [x, x]), x])
    const inner = build.op('Add', [build.op('Mul', [build.scalar(0.044715), cube]), x])
    return half(build, build.op('Mul', [x, tanhGate(build, inner)]))
  },
  'x·(1 + c·x²)': (build, x) => {
    const square = build.op('Mul', [build.scalar(0.044715), build.op('Mul', [x, x])])
    const inner = build.op('Mul', [x, build.op('Add', [square, build.scalar(1)])])
    return build.op('Mul', [x, half(build, tanhGate(build, inner))])
  },
}

function writing(form: Form): Write {
  return (build) => {
    const x = build.op('Identity', [build.input('x', ['N', 16])])
    build.output(build.op('Identity', [form(build, x)], {}, {outputs: ['y']}))
  }
}

const feeds = {x: floatFeed([3, 16], 7, 4)}

describe('fuseGelu', () => {
  for (const [name, form] of Object.entries({...EXACT, ...TANH})) {
    const write = writing(form)
    const leaves = ['Identity', 'Gelu', 'Identity']
    itRewrites({name: `recognizes ${name}`, rule: fuseGelu, write, opset: 20, feeds, leaves})
    itDeclines({
      name: `leaves ${name} below opset 20 and says so`,
      rule: fuseGelu,
      write,
      because: /Gelu needs opset 20, the model has 17/,
    })
  }

  it('says which of the two it is', async () => {
    const forms: [Form | undefined, string][] = [
      [Object.values(EXACT)[0], 'none'],
      [Object.values(TANH)[0], 'tanh'],
    ]
    for (const [form, approximate] of forms) {
      const model = modelOf(writing(form as Form), 20)
      await apply(passOf(fuseGelu, model), model)
      expect(onlyNode(model, 'Gelu').string('approximate', '')).to.equal(approximate)
    }
  })

  itRewrites({
    name: 'keeps the gate when something else reads it',
    rule: fuseGelu,
    write: (build) => {
      const x = build.input('x', ['N', 16])
      const gate = erfGate(build, x)
      build.output(half(build, build.op('Mul', [x, gate])))
      build.output(build.op('Abs', [gate], {}, {outputs: ['gate']}))
    },
    opset: 20,
    feeds,
    leaves: ['Div', 'Erf', 'Add', 'Mul', 'Mul', 'Abs'],
  })

  const others: Readonly<Record<string, Form>> = {
    'half of x times another gate': (build, x) =>
      half(build, build.op('Mul', [x, erfGate(build, build.op('Neg', [x]))])),
    'another factor': (build, x) => build.op('Mul', [build.op('Mul', [x, erfGate(build, x)]), build.scalar(0.25)]),
    'another divisor': (build, x) => {
      const inner = build.op('Div', [x, build.scalar(1.4)])
      return half(build, build.op('Mul', [x, build.op('Add', [build.op('Erf', [inner]), build.scalar(1)])]))
    },
    'another cubic': (build, x) => {
      const cubic = build.op('Mul', [build.op('Pow', [x, build.scalar(3)]), build.scalar(0.05)])
      return build.op('Mul', [half(build, x), tanhGate(build, build.op('Add', [x, cubic]))])
    },
    SiLU: (build, x) => build.op('Mul', [x, build.op('Sigmoid', [x])]),
  }
  for (const [name, form] of Object.entries(others)) {
    itDeclines({name: `leaves ${name}`, rule: fuseGelu, write: writing(form), opset: 20, because: undefined})
  }
})

describe('fuseOrtGelu', () => {
  const [exact, approximate] = [Object.values(EXACT)[0], Object.values(TANH)[0]] as [Form, Form]
  const leaves = (opType: string) => ['Identity', opType, 'Identity']
  itRewrites({name: 'writes Gelu', rule: fuseOrtGelu, write: writing(exact), opset: 13, feeds, leaves: leaves('Gelu')})
  itRewrites({
    name: 'writes FastGelu for the approximation',
    rule: fuseOrtGelu,
    write: writing(approximate),
    opset: 13,
    feeds,
    leaves: leaves('FastGelu'),
  })
})
