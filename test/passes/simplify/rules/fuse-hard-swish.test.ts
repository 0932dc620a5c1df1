import {float} from '../../../../src/ir/attribute.js'
import type {GraphBuilder} from '../../../../src/ir/build.js'
import type {Value} from '../../../../src/ir/value.js'
import {fuseHardSwish} from '../../../../src/passes/simplify/rules/fuse-hard-swish.js'
import {floatFeed} from '../../../support/pass-trial.js'
import {itDeclines, itRewrites} from '../../../support/rule-trial.js'

type Form = (build: GraphBuilder, x: Value) => Value

const feeds = {x: floatFeed([2, 3, 8], 7, 8)}

function writing(form: Form) {
  return (build: GraphBuilder) => {
    const x = build.op('Identity', [build.input('x', ['N', 3, 8])])
    build.output(build.op('Identity', [form(build, x)], {}, {outputs: ['y']}))
  }
}

describe('fuseHardSwish', () => {
  const gated = (alpha: number) => (build: GraphBuilder, x: Value) =>
    build.op('Mul', [build.op('HardSigmoid', [x], {alpha: float(alpha), beta: float(0.5)}), x])
  itRewrites({
    name: 'joins x · HardSigmoid(x)',
    rule: fuseHardSwish,
    write: writing(gated(1 / 6)),
    opset: 14,
    feeds,
    leaves: ['Identity', 'HardSwish', 'Identity'],
  })
  itDeclines({
    name: 'leaves an older opset, and says which one it needs',
    rule: fuseHardSwish,
    write: writing(gated(1 / 6)),
    opset: 13,
    because: /needs opset 14, the model has 13: --opset 14 raises it$/,
  })
  itDeclines({name: 'leaves another slope', rule: fuseHardSwish, write: writing(gated(0.2)), because: undefined})
})
