import {expect} from 'chai'
import {UsageError} from '../../../src/errors.js'
import type {DType} from '../../../src/ir/dtype.js'
import type {Shape} from '../../../src/ir/types.js'
import type {Value} from '../../../src/ir/value.js'
import {pairOutputs, requireSameSizes} from '../../../src/pipelines/train/pair-outputs.js'
import {modelOf} from '../../support/pass-trial.js'

function graphOf(outputs: Record<string, DType>) {
  return modelOf((build) => {
    for (const [name, dtype] of Object.entries(outputs)) {
      build.output(build.op('Identity', [build.input(`in_${name}`, ['N', 2], dtype)], {}, {outputs: [name]}))
    }
  }).graph
}

describe('pairOutputs', () => {
  const pairs = (own: Record<string, DType>, others: Record<string, DType> | undefined, judged: string) => {
    const student = graphOf(own)
    const output = student.outputs.find(({name}) => name === judged) as Value
    return pairOutputs(student, others && graphOf(others), output).map(
      (pair) => `${pair.student.name}-${pair.teacher.name}`,
    )
  }

  it('goes by names, the judged output first', () => {
    expect(pairs({a: 'float32', b: 'float32'}, {b: 'float32', c: 'float32', a: 'float32'}, 'b')).to.deep.equal([
      'b-b',
      'a-a',
    ])
  })

  it('goes by places where names differ and there are as many', () => {
    expect(pairs({a: 'float32', b: 'float32'}, {c: 'float32', d: 'float32'}, 'b')).to.deep.equal(['b-d', 'a-c'])
  })

  it('pairs the judged one with the first, where there are not', () => {
    expect(pairs({a: 'float32', b: 'float32'}, {c: 'float32'}, 'b')).to.deep.equal(['b-c'])
  })

  it('leaves integers out, and is empty without a teacher', () => {
    expect(pairs({a: 'float32', n: 'int64'}, {a: 'float32', n: 'int64'}, 'a')).to.deep.equal(['a-a'])
    expect(pairs({a: 'float32'}, undefined, 'a')).to.deep.equal([])
  })
})

describe('requireSameSizes', () => {
  const check = (own: Shape | undefined, other: Shape | undefined) => () => {
    const {graph} = modelOf((build) => {
      build.input('own', own)
      build.input('other', other)
    })
    const [student, teacher] = [...graph.inputs] as [Value, Value]
    requireSameSizes(student, teacher, teacher)
  }

  it('takes rows as long as each other, whatever the batch, and what is not known', () => {
    expect(check(['N', 5], [1, 5])).not.to.throw()
    expect(check(['N', 5], ['M', 'C'])).not.to.throw()
    expect(check(['N', 5], undefined)).not.to.throw()
  })

  it('names both where they are not', () => {
    expect(check(['N', 5], ['N', 10])).to.throw(
      UsageError,
      "teacher's output 'other' is [N, 10], and the student's 'own' [N, 5]",
    )
    expect(check(['N', 5], ['N', 5, 1])).to.throw(UsageError)
  })
})
