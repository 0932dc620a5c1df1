import {expect} from 'chai'
import {FIRST_OPSET} from '../../src/autodiff/backward.js'
import {isRefusal, type OpSpec} from '../../src/ops/op-spec.js'
import {OPERATORS} from '../../src/ops/registry.js'
import {checkGradient, type GradientCase, moving} from '../support/gradient-trial.js'
import {ELEMENTWISE_CASES} from './elementwise-cases.js'
import {LAYER_CASES} from './layer-cases.js'
import {MOVEMENT_CASES} from './movement-cases.js'
import {RECURRENT_CASES} from './recurrent-cases.js'
import {REDUCTION_CASES} from './reduction-cases.js'

const CASES: Readonly<Record<string, readonly GradientCase[]>> = {
  ...ELEMENTWISE_CASES,
  ...REDUCTION_CASES,
  ...MOVEMENT_CASES,
  ...LAYER_CASES,
  ...RECURRENT_CASES,
}
const DEFAULT_CASES: readonly GradientCase[] = [{inputs: [moving(3, 5)]}]
/** Rules without differences to compare with have tests of their own. */
const ELSEWHERE = ['QuantizeLinear', 'DequantizeLinear', 'DynamicQuantizeLinear']
/** The newest version ONNX Runtime 1.30 knows without a warning. */
const NEWEST_OPSET = 24

const RULES = OPERATORS.filter((spec) => !isRefusal(spec.gradient) && !ELSEWHERE.includes(spec.type))

/** The first and the last opset at which a record holds and gradients can be written. */
function opsetsOf(spec: OpSpec): number[] {
  if (spec.domain) return [17]
  const later = OPERATORS.filter(
    (other) => !other.domain && other.type === spec.type && other.sinceOpset > spec.sinceOpset,
  )
  const last = Math.min(NEWEST_OPSET, ...later.map((other) => other.sinceOpset - 1))
  return [...new Set([Math.max(FIRST_OPSET, spec.sinceOpset), last])]
}

describe('gradient rules', () => {
  for (const spec of RULES) {
    const cases = CASES[`${spec.type} ${spec.sinceOpset}`] ?? CASES[spec.type] ?? DEFAULT_CASES
    it(`${spec.domain ?? ''}${spec.type} ${spec.sinceOpset} agrees with differences`, async () => {
      for (const [index, one] of cases.entries()) {
        for (const opset of one.opsets ?? opsetsOf(spec)) {
          for (const named of one.sizes === 'numbers' ? [false] : [false, true]) {
            const where = {domain: spec.domain ?? '', type: spec.type, opset, named}
            const {error, tolerance, dtype} = await checkGradient(where, one)
            expect(error, `case ${index}, opset ${opset}, ${named ? 'named' : 'known'} sizes, ${dtype}`).to.be.at.most(
              tolerance,
            )
          }
        }
      }
    })
  }

  it('hold from the first opset at which gradients are written', () => {
    for (const spec of RULES)
      expect(opsetsOf(spec).at(-1), `${spec.type} ${spec.sinceOpset}`).to.be.at.least(FIRST_OPSET)
  })
})
