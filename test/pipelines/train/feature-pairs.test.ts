import {expect} from 'chai'
import {UsageError} from '../../../src/errors.js'
import {featurePair, valueNamed} from '../../../src/pipelines/train/feature-pairs.js'
import {modelOf} from '../../support/pass-trial.js'

const graphOf = (value: string, node: string) =>
  modelOf((build) => build.output(build.op('Relu', [build.input('x', [1])], {}, {outputs: [value], name: node}))).graph

describe('featurePair', () => {
  it('takes names of values, and of the nodes that make them', () => {
    const [teacher, student] = [graphOf('big', 'bigRelu'), graphOf('small', 'smallRelu')]
    const pair = {teacher: 'big', student: 'small'}
    expect(featurePair('big:small', teacher, student)).to.deep.equal(pair)
    expect(featurePair('bigRelu:smallRelu', teacher, student)).to.deep.equal(pair)
  })

  it('splits at the colon that gives a value in each, wherever names have some', () => {
    const [teacher, student] = [graphOf('a:0', 'n'), graphOf('b:1', 'm')]
    expect(featurePair('a:0:b:1', teacher, student)).to.deep.equal({teacher: 'a:0', student: 'b:1'})
  })

  it('says whose value is not there', () => {
    const [teacher, student] = [graphOf('big', 'n'), graphOf('small', 'm')]
    expect(() => featurePair('big:none', teacher, student)).to.throw(
      UsageError,
      '--feature big:none: the student has no value',
    )
    expect(() => featurePair('none:small', teacher, student)).to.throw(
      UsageError,
      '--feature none:small: the teacher has no value',
    )
    expect(() => featurePair('big', teacher, student)).to.throw(
      UsageError,
      "expected TEACHER-VALUE:STUDENT-VALUE, got 'big'",
    )
    expect(() => featurePair(':', teacher, student)).to.throw(UsageError)
  })
})

describe('valueNamed', () => {
  it('takes a value before a node of the same name, and an input last', () => {
    const {graph} = modelOf((build) => {
      const first = build.op('Relu', [build.input('x', [1])], {}, {outputs: ['a'], name: 'b'})
      build.output(build.op('Neg', [first], {}, {outputs: ['b'], name: 'x'}))
    })
    expect(valueNamed(graph, 'b')?.producer?.opType).to.equal('Neg')
    expect(valueNamed(graph, 'x')?.name).to.equal('b')
    expect(valueNamed(graph, 'constructor')).to.equal(undefined)
  })
})
