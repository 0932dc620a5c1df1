import {expect} from 'chai'
import {mergeTransposes} from '../../../../src/passes/simplify/rules/merge-transposes.js'
import {compareAround, floatFeed, onlyNode, type Write} from '../../../support/pass-trial.js'
import {itRewrites} from '../../../support/rule-trial.js'

function permutations(count: number): number[][] {
  if (count === 0) return [[]]
  return permutations(count - 1).flatMap((rest) =>
    Array.from({length: count}, (_, at) => [...rest.slice(0, at), count - 1, ...rest.slice(at)]),
  )
}

describe('mergeTransposes', () => {
  it('composes every pair of permutations of three axes', async () => {
    for (const first of permutations(3)) {
      for (const second of permutations(3)) {
        const write: Write = (build) => {
          const turned = build.op('Transpose', [build.input('x', [2, 3, 4])], {perm: first})
          build.output(build.op('Transpose', [turned], {perm: second}, {outputs: ['y']}))
        }
        const {model, maxAbs} = await compareAround(write, {x: floatFeed([2, 3, 4])}, () => mergeTransposes)
        onlyNode(model, 'Transpose')
        expect(maxAbs, `${first} then ${second}`).to.equal(0)
      }
    }
  })
  itRewrites({
    name: 'knows that no permutation means reversed axes',
    rule: mergeTransposes,
    write: (build) => build.output(build.op('Transpose', [build.op('Transpose', [build.input('x', [2, 3, 4])])])),
    feeds: {x: floatFeed([2, 3, 4])},
    leaves: ['Transpose'],
  })
  itRewrites({
    name: 'leaves the first one where it has other readers',
    rule: mergeTransposes,
    write: (build) => {
      const turned = build.op('Transpose', [build.input('x', [2, 3])], {perm: [1, 0]})
      build.output(build.op('Relu', [turned]))
      build.output(build.op('Relu', [build.op('Transpose', [turned], {perm: [1, 0]})]))
    },
    feeds: {x: floatFeed([2, 3])},
    leaves: ['Transpose', 'Relu', 'Transpose', 'Relu'],
  })
})
