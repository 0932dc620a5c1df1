import {fuseTransposeIntoGemm} from '../../../../src/passes/simplify/rules/fuse-transpose-into-gemm.js'
import {floatFeed, randomFloats} from '../../../support/pass-trial.js'
import {itDeclines, itRewrites} from '../../../support/rule-trial.js'

describe('fuseTransposeIntoGemm', () => {
  for (const transA of [0, 1]) {
    for (const transB of [0, 1]) {
      itRewrites({
        name: `with transA ${transA} and transB ${transB}`,
        rule: fuseTransposeIntoGemm,
        write: (build) => {
          const left = build.op('Transpose', [build.input('a', transA ? [3, 4] : [4, 3])], {perm: [1, 0]})
          const right = build.op('Transpose', [build.input('b', transB ? [4, 6] : [6, 4])])
          build.output(build.op('Gemm', [left, right], {transA, transB}, {outputs: ['y']}))
        },
        feeds: {a: floatFeed(transA ? [3, 4] : [4, 3]), b: floatFeed(transB ? [4, 6] : [6, 4])},
        leaves: ['Gemm'],
      })
    }
  }
  itDeclines({
    name: 'leaves a Transpose with other readers',
    rule: fuseTransposeIntoGemm,
    write: (build) => {
      const turned = build.op('Transpose', [build.input('a', [4, 3])])
      build.output(build.op('Gemm', [turned, build.floats(randomFloats(24), [4, 6])]))
      build.output(turned)
    },
    because: /other consumers/,
  })
})
