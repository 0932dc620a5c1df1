import {expect} from 'chai'
import {INTEGER_KERNELS} from '../../src/ops/integer-kernels.js'
import {isRefusal} from '../../src/ops/op-spec.js'
import {OPERATORS} from '../../src/ops/registry.js'

describe('INTEGER_KERNELS', () => {
  for (const [as, operators] of Object.entries(INTEGER_KERNELS)) {
    it(`has under ${as} only what some record quantizes as ${as}`, () => {
      const known = OPERATORS.flatMap(({type, domain, quantize}) => {
        return !domain && !isRefusal(quantize) && quantize.as === as ? [type] : []
      })
      expect(known).to.include.members([...operators])
    })
  }
})
