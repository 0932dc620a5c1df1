import {expect} from 'chai'
import {UnsupportedError} from '../../../src/errors.js'
import type {Model} from '../../../src/ir/model.js'
import type {Shape} from '../../../src/ir/types.js'
import type {Value} from '../../../src/ir/value.js'
import {
  classesOf,
  kindForLabels,
  kindOf,
  labelsHint,
  requirePlaceForLabels,
} from '../../../src/pipelines/train/score-kind.js'
import {modelOf} from '../../support/pass-trial.js'

const net = (shape: Shape, {end = 'Neg', name = 'y'} = {}): Model =>
  modelOf((build) => build.output(build.op(end, [build.input('x', shape)], {}, {outputs: [name]})))
const outputOf = (model: Model) => model.graph.outputs[0] as Value
const sources = (student: Model, labels?: number[], labelShape?: number[]) => ({
  ...{student, teacher: undefined, labels: labels && Float64Array.from(labels)},
  ...(labelShape && {labelShape}),
})

describe('kindOf', () => {
  const kind = (student: Model, labels?: number[], labelShape?: number[]) =>
    kindOf(outputOf(student), sources(student, labels, labelShape), 'auto')

  it('does as it is told', () => {
    const student = net(['N', 5], {end: 'Softmax'})
    const told = (['cross-entropy', 'binary', 'mse', 'cosine'] as const).map((loss) =>
      kindOf(outputOf(student), sources(student), loss),
    )
    expect(told).to.deep.equal(['classes', 'decisions', 'numbers', 'numbers'])
  })

  it('goes by the last activation, then by the shape', () => {
    expect(kind(net(['N', 5], {end: 'Softmax'}))).to.equal('classes')
    expect(kind(net(['N', 5], {end: 'Sigmoid'}))).to.equal('decisions')
    expect(kind(net(['N', 5]))).to.equal('classes')
    expect(kind(net(['N', 5, 4]))).to.equal('numbers')
  })

  it('takes one number for a decision where all labels are 0 or 1', () => {
    expect(kind(net(['N', 1]), [0, 1, 1])).to.equal('decisions')
    expect(kind(net(['N', 1]), [0, 0.5])).to.equal('numbers')
    expect(kind(net(['N', 1]), [0, 2])).to.equal('numbers')
    expect(kind(net(['N', 1]))).to.equal('numbers')
  })

  it('takes a row at each position for classes where labels, or the name, say so', () => {
    expect(kind(net(['N', 8, 5]), [0, 1], [8])).to.equal('classes')
    expect(kind(net(['N', 8, 5]), [0, 1], [7])).to.equal('numbers')
    expect(kind(net(['N', 'T', 5], {name: 'logits'}))).to.equal('classes')
  })
})

describe('kindForLabels', () => {
  it('takes a label for a class although outputs are compared as numbers', () => {
    const student = net(['N', 5])
    expect(kindForLabels(outputOf(student), sources(student), 'mse')).to.equal('classes')
    const single = net(['N', 1])
    expect(kindForLabels(outputOf(single), sources(single, [0, 1]), 'mse')).to.equal('numbers')
  })
})

describe('classesOf', () => {
  it('counts the classes that labels choose from', () => {
    expect(classesOf(outputOf(net(['N', 5])), 'classes')).to.equal(5)
    expect(classesOf(outputOf(net(['N', 5, 8, 8])), 'classes', [8, 8])).to.equal(5)
    expect(classesOf(outputOf(net(['N', 'C'])), 'classes')).to.equal(undefined)
    expect(classesOf(outputOf(net(['N', 1])), 'decisions')).to.equal(2)
    expect(classesOf(outputOf(net(['N', 5])), 'numbers')).to.equal(undefined)
  })
})

describe('requirePlaceForLabels', () => {
  const check = (shape: Shape, kind: 'classes' | 'numbers', labelShape?: number[]) => () =>
    requirePlaceForLabels(outputOf(net(shape)), kind, labelShape)

  it('takes a row of classes, or one number, for each label', () => {
    expect(check(['N', 5], 'classes')).not.to.throw()
    expect(check(['N', 8, 5], 'classes', [8])).not.to.throw()
    expect(check(['N', 1], 'numbers')).not.to.throw()
  })

  it('says what the labels would need', () => {
    expect(check(['N', 1], 'classes')).to.throw(
      UnsupportedError,
      "output 'y': expected a row of class scores per sample for the labels, got [N, 1]",
    )
    expect(check(['N', 5], 'numbers')).to.throw(UnsupportedError, 'expected one number per sample')
    expect(check(['N', 8, 5], 'classes', [7]))
      .to.throw(UnsupportedError, 'for each of the labels [N, 7]')
      .with.property('hint')
      .that.contains('argmax')
  })
})

describe('labelsHint', () => {
  it('asks for a label per position where there are positions', () => {
    expect(labelsHint(outputOf(net(['N', 8, 5])))).to.contain('[N, T]')
    expect(labelsHint(outputOf(net(['N', 5])))).not.to.contain('[N, T]')
  })
})
