import {expect} from 'chai'
import {editOf} from '../../../../src/passes/quantize/plan/decide.js'
import {editsOf} from '../../../../src/passes/quantize/plan/option-edits.js'
import {modelOf, onlyNode, randomFloats} from '../../../support/pass-trial.js'

const node = onlyNode(
  modelOf((build) => {
    build.output(
      build.op('MatMul', [build.input('x', [1, 4]), build.floats(randomFloats(16), [4, 4])], {}, {name: 'fc'}),
    )
  }),
  'MatMul',
)

describe('editsOf', () => {
  it('puts exclusions first, then overrides as they were typed, each with the flag it came from', () => {
    const overrides = [
      {pattern: /^fc$/, to: 'uint8'},
      {pattern: /./, to: 'stored-int8'},
    ] as const
    const wanted = (exclude: RegExp[], excludeOps: string[]) =>
      editOf(node, editsOf({exclude, excludeOps, overrides}))?.because
    expect(wanted([/f/], ['MatMul'])).to.equal('excluded by --exclude-op MatMul')
    expect(wanted([/f/], ['Conv'])).to.equal('excluded by --exclude f')
    expect(wanted([/no/], [])).to.equal('uint8 by --override ^fc$=uint8')
  })
})
