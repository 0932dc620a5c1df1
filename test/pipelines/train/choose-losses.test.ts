import {expect} from 'chai'
import {UnsupportedError, UsageError} from '../../../src/errors.js'
import {GraphBuilder} from '../../../src/ir/build.js'
import {Graph} from '../../../src/ir/graph.js'
import {emptyModel, type Model} from '../../../src/ir/model.js'
import type {Value} from '../../../src/ir/value.js'
import {inferModel} from '../../../src/ops/infer-graph.js'
import {chooseLosses, type Sources} from '../../../src/pipelines/train/choose-losses.js'
import {modelOf} from '../../support/pass-trial.js'

const CHOICES = {loss: 'auto', temperature: 4, featureWeight: 1, features: [], seed: 0} as const
const LABELS = Float64Array.of(0, 1, 1, 0)
const NUMBERS = Float64Array.of(0.5, -1.25, 3, 2)

describe('chooseLosses', () => {
  it('takes scores for classes, with labels and with a teacher', () => {
    const student = net([5])
    expect(kinds(student, undefined, LABELS)).to.deep.equal(['cross-entropy 1'])
    expect(kinds(student, net([5]), LABELS)).to.deep.equal(['cross-entropy 0.2', 'distillation 0.8'])
    expect(kinds(student, net([5]), undefined)).to.deep.equal(['distillation 1'])
    expect(choose({student, teacher: undefined, labels: LABELS})).to.include({
      kind: 'classes',
      classes: 5,
    })
  })

  it('takes one number per sample for a decision where labels are 0 and 1, and else for a number', () => {
    expect(kinds(net([1]), undefined, LABELS)).to.deep.equal(['binary 1'])
    expect(kinds(net([1]), undefined, NUMBERS)).to.deep.equal(['mse 1'])
    expect(kinds(net([1]), net([1]), undefined)).to.deep.equal(['mse 1'])
    expect(kinds(net([1]), net([1], 'Sigmoid'), undefined)).to.deep.equal(['binary 1'])
  })

  it('goes by the last activation, and compares what is before it', () => {
    const objective = choose({student: net([5], 'Sigmoid'), teacher: net([5], 'Sigmoid'), labels: undefined}, CHOICES)
    expect(objective.losses.map(({kind}) => kind)).to.deep.equal(['binary'])
    expect(objective.taught).to.deep.equal([{name: 'out0', kind: 'decisions'}])
  })

  it('takes outputs of more axes for numbers', () => {
    expect(kinds(net([4, 5]), net([4, 5]), undefined)).to.deep.equal(['mse 1'])
  })

  it('does as it is told', () => {
    const sources = {student: net([5]), teacher: net([5]), labels: undefined}
    expect(choose(sources, {...CHOICES, loss: 'cosine'}).losses.map(({kind}) => kind)).to.deep.equal(['cosine'])
    const {losses} = choose({...sources, labels: LABELS}, {...CHOICES, alpha: 0.25})
    expect(losses.map(({weight}) => weight)).to.deep.equal([0.75, 0.25])
  })

  it('listens to a teacher the more, the more classes it tells apart', () => {
    const alpha = (size: number, end?: 'Sigmoid') => {
      return choose({student: net([size], end), teacher: net([size], end), labels: LABELS}).alpha
    }
    expect([alpha(2), alpha(4), alpha(10), alpha(1000), alpha(1, 'Sigmoid')]).to.deep.equal([0.5, 0.75, 0.9, 0.9, 0.5])
    expect(choose({student: net([4]), teacher: net([4]), labels: undefined}).alpha).to.equal(1)
    expect(choose({student: net([4]), teacher: undefined, labels: LABELS}).alpha).to.equal(undefined)
  })

  it('teaches every output that both have, in equal shares, and labels one', () => {
    const objective = choose(
      {student: net([5], undefined, 2), teacher: net([5], undefined, 2), labels: LABELS},
      CHOICES,
    )
    expect(objective.losses.map(({kind, output, weight}) => [kind, output, weight])).to.deep.equal([
      ['cross-entropy', 'y0', 1 - 0.8],
      ['distillation', 'y0', 0.4],
      ['distillation', 'y1', 0.4],
    ])
    const second = choose(
      {student: net([5], undefined, 2), teacher: net([5]), labels: LABELS},
      {...CHOICES, outputName: 'y1'},
    )
    expect(second.losses.map(({output}) => output)).to.deep.equal(['y1', 'y1'])
    expect(second.taught).to.deep.equal([{name: 'y0', kind: 'classes'}])
  })

  it('judges by accuracy, by agreement without labels, by the error of numbers', () => {
    const metric = (student: Model, teacher: Model | undefined, labels: Float64Array | undefined) => {
      return choose({student, teacher, labels}, CHOICES).metric.name
    }
    expect(metric(net([5]), undefined, LABELS)).to.equal('top1')
    expect(metric(net([5]), net([5]), undefined)).to.equal('agreement')
    expect(metric(net([1]), net([1]), undefined)).to.equal('rmse')
  })

  it('judges by the teacher where only the held-out samples lack labels', () => {
    const sources = {student: net([5]), teacher: net([5]), labels: LABELS, isJudgedByLabels: false}
    const {metric, losses} = chooseLosses(sources, CHOICES)
    expect(metric.name).to.equal('agreement')
    expect(losses).to.have.length(2)
    expect(() => chooseLosses({...sources, teacher: undefined}, CHOICES)).to.throw(
      UsageError,
      '--metric top1: expected labels of the held-out samples, found none',
    )
  })

  it('holds labels against classes where a teacher is met by squares', () => {
    const objective = chooseLosses(
      {student: net([5]), teacher: net([5]), labels: LABELS, isJudgedByLabels: true},
      {...CHOICES, loss: 'mse'},
    )
    expect(objective.losses.map(({kind}) => kind)).to.deep.equal(['cross-entropy', 'mse'])
    expect(objective.taught).to.deep.equal([{name: 'y0', kind: 'numbers'}])
    expect(objective.metric.name).to.equal('top1')
  })

  it('takes scores at every position for classes by their labels, their name, or their vocabulary', () => {
    const each = {labels: Float64Array.from({length: 8}, () => 1), labelShape: [2], isJudgedByLabels: true}
    const spec = (row: readonly number[], labelShape: readonly number[]) => {
      const {losses, classes} = chooseLosses({student: net(row), teacher: net(row), ...each, labelShape}, CHOICES)
      const axes = losses.map((loss) => 'labelShape' in loss && loss.labelShape)
      return [losses.map(({kind}) => kind).join(), classes, ...axes]
    }
    const both = 'cross-entropy,distillation'
    expect(spec([2, 5], [2])).to.deep.equal([both, 5, [2], [2]])
    expect(spec([5, 2], [2])).to.deep.equal([both, 5, [2], [2]])
    expect(spec([5, 3, 2], [3, 2])).to.deep.equal([both, 5, [3, 2], [3, 2]])
    expect(kinds(named([4, 5], 'logits'), net([4, 5]), undefined)).to.deep.equal(['distillation 1'])
    expect(kinds(decoder(12), decoder(12), undefined)).to.deep.equal(['distillation 1'])
    expect(kinds(decoder(13), decoder(13), undefined)).to.deep.equal(['mse 1'])
  })

  it('refuses labels per position that fit no axis, and says which do', () => {
    const labels = Float64Array.from({length: 12}, () => 1)
    const refused = (row: readonly number[], labelShape: readonly number[]) => () => {
      chooseLosses({student: net(row), teacher: undefined, labels, labelShape, isJudgedByLabels: true}, CHOICES)
    }
    expect(refused([4, 5], [3])).to.throw(UnsupportedError, 'for each of the labels [N, 3], got [N, 4, 5]')
    expect(refused([5], [5])).to.throw(UnsupportedError, 'a row of class scores for each of the labels [N, 5]')
    expect(refused([5, 3, 2], [2, 3])).to.throw(UnsupportedError, 'for each of the labels [N, 2, 3], got [N, 5, 3, 2]')
  })

  it('refuses labels for outputs of many rows, or without scores', () => {
    const refused = (row: readonly number[], loss: 'auto' | 'cross-entropy') => () => {
      chooseLosses({student: net(row), teacher: undefined, labels: LABELS, isJudgedByLabels: true}, {...CHOICES, loss})
    }
    expect(refused([4, 5], 'auto')).to.throw(UnsupportedError, "output 'y0': expected one number per sample")
    expect(refused([4, 5], 'cross-entropy')).to.throw(UnsupportedError, 'expected a row of class scores')
    expect(refused([1], 'cross-entropy')).to.throw(UnsupportedError, 'got [N, 1]')
  })

  it('refuses what says nothing or contradicts itself', () => {
    const student = net([5])
    const refused = (teacher: Model | undefined, labels: Float64Array | undefined, changes: object) => () => {
      choose({student, teacher, labels}, {...CHOICES, ...changes})
    }
    expect(refused(undefined, undefined, {})).to.throw(UsageError, 'neither labels nor a teacher')
    expect(refused(net([5]), undefined, {alpha: 0.5})).to.throw(UsageError, '--alpha 0.5')
    expect(refused(net([4]), LABELS, {})).to.throw(UsageError, "'y0' is [N, 4], and the student's 'y0' [N, 5]")
    expect(refused(undefined, LABELS, {alpha: 0.5})).to.throw(UsageError, '--alpha 0.5: expected a teacher')
    expect(refused(undefined, LABELS, {outputName: 'nose'})).to.throw(UsageError, 'no such output')
    expect(refused(net([5]), undefined, {metric: 'top1'})).to.throw(UsageError, 'expected labels')
    expect(refused(undefined, LABELS, {metric: 'agreement'})).to.throw(UsageError, 'expected a teacher')
    expect(refused(undefined, LABELS, {metric: 'nose'})).to.throw(UsageError, "got 'nose'")
  })
})

/** Held-out samples are like the others. */
function choose(sources: Omit<Sources, 'isJudgedByLabels'>, choices: Parameters<typeof chooseLosses>[1] = CHOICES) {
  return chooseLosses({...sources, isJudgedByLabels: sources.labels !== undefined}, choices)
}

function kinds(student: Model, teacher: Model | undefined, labels: Float64Array | undefined): string[] {
  const {losses} = choose({student, teacher, labels}, CHOICES)
  return losses.map(({kind, weight}) => `${kind} ${Number((weight ?? 1).toPrecision(3))}`)
}

/** Outputs `y0`, `y1`, … of `[N, ...row]`, straight from inputs, or behind an activation. */
function net(row: readonly number[], activation?: string, outputs = 1): Model {
  const graph = new Graph()
  const build = new GraphBuilder(graph)
  for (let index = 0; index < outputs; index++) {
    const x: Value = build.op(
      'Relu',
      [build.input(`x${index}`, ['N', ...row])],
      {},
      {outputs: [activation ? `out${index}` : `y${index}`]},
    )
    build.output(activation ? build.op(activation, [x], {}, {outputs: [`y${index}`]}) : x)
  }
  const model = emptyModel(graph)
  inferModel(model)
  return model
}

/** Its output is the input, by another name. */
function named(row: readonly number[], name: string): Model {
  return modelOf(
    (build) => void build.output(build.op('Relu', [build.input('x', ['N', ...row])], {}, {outputs: [name]})),
  )
}

/** Ids looked up in a table of 12 rows, and a score for each of some classes at every position. */
function decoder(classes: number): Model {
  return modelOf((build) => {
    const rows = build.op('Gather', [
      build.floats(new Float32Array(36), [12, 3]),
      build.input('ids', ['N', 'T'], 'int64'),
    ])
    const weight = build.floats(new Float32Array(3 * classes), [3, classes])
    build.output(build.op('MatMul', [rows, weight], {}, {outputs: ['y0']}))
  })
}
