import {expect} from 'chai'
import {Tensor} from 'onnxruntime-node'
import {backward} from '../../src/autodiff/backward.js'
import {Graph} from '../../src/ir/graph.js'
import {emptyModel} from '../../src/ir/model.js'
import type {Node} from '../../src/ir/node.js'
import {opsetOf} from '../../src/ops/infer-graph.js'
import {lookup} from '../../src/ops/registry.js'
import {type LossSpec, writeLoss} from '../../src/train/step/step-loss.js'
import {TypedBuilder} from '../../src/train/step/typed-builder.js'
import {runGraph} from '../support/run-graph.js'

/*
 * References from PyTorch 1.13, float64; s = torch.tensor([[[2, -1, .5], [100, 0, 3]], [[1, 0, -2], [5, 4, 3]]]):
 *   per token: F.cross_entropy(s.transpose(1, 2), torch.tensor([[2, 0], [-100, 1]]))
 *   per pixel: F.cross_entropy(s, torch.tensor([[1, 0, -100], [0, -100, 1]]))
 *   taught:    4 * F.kl_div(log_softmax(s / 2, 2), log_softmax(t / 2, 2), log_target=True) over rows of classes
 */
const SCORES = [2, -1, 0.5, 100, 0, 3, 1, 0, -2, 5, 4, 3]
const TAUGHT = [1, 0, -2, 5, 4, 3, 0, 3, 1, -1, 2, 2]
const PER_TOKEN = {
  loss: 1.049639087033846,
  gradient: [0.26186567819642526, 0.013037524423562482, -0.27490320261998774]
    .concat([0, 0, 0, 0, 0, 0])
    .concat([0.2217469852582739, -0.25175717631506744, 0.030010191056793478]),
}
const PER_PIXEL = {
  loss: 1.3345317409812876,
  gradient: [0, -0.18276464465750122, 0, 0, 0.18276464465750122, 0]
    .concat([-0.2455034475094771, 0, 0.0016732127310712136])
    .concat([0.2455034475094771, 0, -0.001673212731071183]),
}
const KL = {
  loss: 24.30498340552092,
  gradient: [0.0216241381953165, -0.09994865663858858, 0.07832451844327208]
    .concat([0.24675980447217294, -0.1535979428592492, -0.09316186161292378])
    .concat([0.20315250205004554, -0.1485163793938355, -0.0546361226562101])
    .concat([0.20305641318610118, -0.0713101659698879, -0.1317462472162133]),
}

describe('losses per position', () => {
  it('hold scores [N, T, V] against labels [N, T] along the last axis; -100 does not count', async () => {
    const run = lossOf({shape: [2, 2, 3]}, {kind: 'cross-entropy', labelShape: [2]})
    await expectLoss(run, [2, 0, -100, 1], PER_TOKEN)
  })

  it('hold scores [N, C, L] against labels [N, L] along axis 1', async () => {
    await expectLoss(
      lossOf({shape: [2, 2, 3]}, {kind: 'cross-entropy', labelShape: [3]}),
      [1, 0, -100, 0, -100, 1],
      PER_PIXEL,
    )
  })

  it('hold scores [N, C, H, W] against labels [N, H, W] along axis 1', async () => {
    const run = lossOf({shape: [2, 2, 1, 3]}, {kind: 'cross-entropy', labelShape: [1, 3]})
    await expectLoss(run, [1, 0, -100, 0, -100, 1], PER_PIXEL)
  })

  it('are 0 where a batch has no label', async () => {
    const run = lossOf({shape: [2, 2, 3]}, {kind: 'cross-entropy', labelShape: [2]})
    await expectLoss(run, [-100, -100, -100, -100], {loss: 0, gradient: SCORES.map(() => 0)})
  })

  it('hold scores [N, T, V] against those of a teacher along the last axis, over all positions', async () => {
    await expectLoss(lossOf({shape: [2, 2, 3]}, {kind: 'distillation', temperature: 2}), undefined, KL)
  })

  it('take the axis of the labels for the teacher too', async () => {
    const turned = (values: readonly number[]) =>
      [0, 1].flatMap((n) => [0, 1, 2].flatMap((c) => [0, 1].map((t) => values[n * 6 + t * 3 + c] as number)))
    const run = lossOf(
      {shape: [2, 3, 2], scores: turned(SCORES), taught: turned(TAUGHT)},
      {kind: 'distillation', temperature: 2, labelShape: [2]},
    )
    await expectLoss(run, undefined, {loss: KL.loss, gradient: turned(KL.gradient)})
  })

  it('refuse labels that fit no axis, and a softmax along another one', () => {
    const refused = (shape: readonly number[], labelShape: readonly number[], end?: number) => () => {
      lossOf({shape, softmax: end}, {kind: 'cross-entropy', labelShape})
    }
    expect(refused([2, 4, 3], [5])).to.throw('against labels [N, 5], got [2, 4, 3]')
    expect(refused([2, 3, 4, 5], [5, 4])).to.throw('against labels [N, 5, 4], got [2, 3, 4, 5]')
    expect(refused([2, 4, 4], [4], 1)).to.throw('with a softmax along axis 1')
    expect(refused([2, 4, 4], [4], 2)).not.to.throw()
  })
})

interface Scores {
  readonly shape: readonly number[]
  readonly scores?: readonly number[]
  readonly taught?: readonly number[]
  /** Axis of a softmax behind the scores. */
  readonly softmax?: number | undefined
}

type Run = (labels: readonly number[] | undefined) => Promise<{loss: number; gradient: number[]}>

function lossOf({shape, scores = SCORES, taught = TAUGHT, softmax}: Scores, spec: LossSpec): Run {
  const graph = new Graph()
  const model = emptyModel(graph)
  const specOf = (node: Node) => lookup(node, opsetOf(node, model))
  const build = new TypedBuilder(graph, specOf)
  const logits = build.input('logits', shape)
  const output = softmax === undefined ? logits : build.op('Softmax', [logits], {axis: softmax})
  const teacher = build.floats(taught, taught.length === shape.reduce((a, b) => a * b, 1) ? shape : [taught.length])
  const {loss, labels} = writeLoss(build, {studentValue: () => output, teacherValue: () => teacher}, [spec])
  const gradient = backward(graph, {loss, wrt: [logits]}, {specOf}).get(logits)
  build.output(loss)
  if (gradient) build.output(gradient)
  return async (given) => {
    const feeds: Record<string, Tensor> = {logits: new Tensor('float32', Float32Array.from(scores), [...shape])}
    if (labels && given) feeds[labels.name] = new Tensor('int64', BigInt64Array.from(given, BigInt), [...labels.shape])
    const results = await runGraph(model, feeds)
    const numbers = (name: string) => Array.from(results[name]?.data as Float32Array)
    return {loss: numbers(loss.name)[0] as number, gradient: numbers(gradient?.name ?? '')}
  }
}

async function expectLoss(
  run: Run,
  labels: readonly number[] | undefined,
  expected: {readonly loss: number; readonly gradient: readonly number[]},
): Promise<void> {
  const actual = await run(labels)
  expect(actual.loss).to.be.closeTo(expected.loss, 1e-5)
  expect(actual.gradient).to.have.length(expected.gradient.length)
  actual.gradient.forEach((value, index) => {
    expect(value, `element ${index}`).to.be.closeTo(expected.gradient[index] as number, 1e-6)
  })
}
