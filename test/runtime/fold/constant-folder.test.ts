import {expect} from 'chai'
import {ConstantFolder} from '../../../src/runtime/fold/constant-folder.js'
import {modelOf} from '../../support/pass-trial.js'

describe('ConstantFolder', () => {
  const folder = new ConstantFolder()
  after(() => folder.close())

  it('computes the outputs of a model without inputs, in order, of several types', async () => {
    const answer = await folder.evaluate(
      modelOf((build) => {
        const range = build.op(
          'Range',
          [0, 3, 1].map((n) => build.scalar(n, 'int64')),
        )
        build.output(build.op('Greater', [range, build.scalar(0, 'int64')]))
        build.output(build.op('Cast', [range], {to: 10}))
        build.output(range)
      }),
    )
    if ('refused' in answer) throw new Error(answer.refused)
    expect(answer.tensors.map(({dtype, shape}) => [dtype, [...shape]])).to.deep.equal([
      ['bool', [3]],
      ['float16', [3]],
      ['int64', [3]],
    ])
    expect(answer.tensors.map((tensor) => Array.from(tensor.read() as ArrayLike<unknown>))).to.deep.equal([
      [0, 1, 1],
      [0, 0x3c00, 0x4000],
      [0n, 1n, 2n],
    ])
  })

  it('takes a refusal for an answer, and answers the next question', async () => {
    const unknown = modelOf((build) => build.output(build.op('Nonsense', [build.scalar(1)], {}, {domain: 'my.domain'})))
    expect(await folder.evaluate(unknown)).to.have.property('refused')
    const right = modelOf((build) => build.output(build.op('Neg', [build.scalar(2)])))
    expect(await folder.evaluate(right)).to.have.property('tensors')
  })
})
