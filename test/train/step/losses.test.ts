import {expect} from 'chai'
import {Tensor} from 'onnxruntime-node'
import {backward} from '../../../src/autodiff/backward.js'
import {Graph} from '../../../src/ir/graph.js'
import {emptyModel} from '../../../src/ir/model.js'
import type {Node} from '../../../src/ir/node.js'
import {int64} from '../../../src/ir/tensor.js'
import type {Value} from '../../../src/ir/value.js'
import {opsetOf} from '../../../src/ops/infer-graph.js'
import {lookup} from '../../../src/ops/registry.js'
import {
  binaryCrossEntropyLoss,
  binaryDistillationLoss,
  cosineLoss,
  crossEntropyLoss,
  distillationLoss,
  meanSquaredError,
  weightedSum,
} from '../../../src/train/step/losses.js'
import {TypedBuilder} from '../../../src/train/step/typed-builder.js'
import {runGraph} from '../../support/run-graph.js'

/*
 * References from PyTorch 1.13, float64:
 *   s = torch.tensor([[2, -1, .5], [100, 0, 3]]); t = torch.tensor([[1, 0, -2], [5, 4, 3]]); y = torch.tensor([2, 0]); T = 4
 */
const STUDENT = [2, -1, 0.5, 100, 0, 3]
const TEACHER = [1, 0, -2, 5, 4, 3]
const LABELS = [2, 0]

describe('crossEntropyLoss', () => {
  it('is F.cross_entropy(s, y), large scores included', async () => {
    await expectLoss((parts) => crossEntropyLoss(parts.build, {...parts, classes: 3}), {
      loss: 0.870655648,
      gradient: [0.392798517, 0.0195562866, -0.412354804, 0, 0, 0],
    })
  })

  it('is F.cross_entropy(s, y, label_smoothing=.1)', async () => {
    await expectLoss((parts) => crossEntropyLoss(parts.build, {...parts, classes: 3, smoothing: 0.1}), {
      loss: 4.15398898,
      gradient: [0.376131851, 0.00288961997, -0.379021471, 0.0333333333, -0.0166666667, -0.0166666667],
    })
  })
})

describe('distillationLoss', () => {
  it("is T*T * F.kl_div(log_softmax(s/T, 1), log_softmax(t/T, 1), log_target=True, reduction='batchmean')", async () => {
    const write = ({build, logits, target}: Parts): Value => {
      return distillationLoss(build, {student: logits, teacher: target, temperature: 4})
    }
    await expectLoss(write, {
      loss: 106.426082,
      gradient: [0.0376455256, -0.25446225, 0.216816725, 1.1615421, -0.652991672, -0.508550425],
    })
  })
})

describe('distillationLoss along another axis', () => {
  it('is the same with the softmax and the sum along that axis', async () => {
    const write = ({build, logits, target}: Parts): Value => {
      return distillationLoss(build, {student: logits, teacher: target, temperature: 4}, 0)
    }
    const gradient = [-0.358588562, 0.225176104, 0.167926662, 0.358588562, -0.225176104, -0.167926662]
    await expectLoss(write, {loss: 32.5622261, gradient})
  })
})

describe('binaryCrossEntropyLoss', () => {
  it('is F.binary_cross_entropy_with_logits(s, y)', async () => {
    const write = ({build, logits}: Parts): Value => {
      return binaryCrossEntropyLoss(build, logits, build.floats([1, 0, 1, 0, 0, 1], [2, 3]))
    }
    const gradient = [-0.0198671537, 0.0448235702, -0.0629234448, 0.166666667, 0.0833333333, -0.0079043122]
    await expectLoss(write, {loss: 16.9426669, gradient})
  })
})

describe('binaryDistillationLoss', () => {
  it('is T*T * (bce(s/T, p) - bce(t/T, p)) with p = sigmoid(t/T)', async () => {
    const write = ({build, logits, target}: Parts): Value => {
      return binaryDistillationLoss(build, {student: logits, teacher: target, temperature: 2})
    }
    const gradient = [0.0361997491, -0.0408197771, 0.0977450265, 0.02528606, -0.126932359, 0]
    await expectLoss(write, {loss: 2.72504863, gradient})
  })
})

describe('meanSquaredError', () => {
  it('is F.mse_loss(s, t)', async () => {
    await expectLoss(({build, logits, target}) => meanSquaredError(build, logits, target), {
      loss: 1508.20833,
      gradient: [0.333333333, -0.333333333, 0.833333333, 31.6666667, -1.33333333, 0],
    })
  })
})

describe('cosineLoss', () => {
  it('is (1 - F.cosine_similarity(s, t)).mean()', async () => {
    await expectLoss(({build, logits, target}) => cosineLoss(build, logits, target), {
      loss: 0.542654495,
      gradient: [-0.0604128617, -0.0185885728, 0.204474301, 6.03761037e-5, -0.00282715519, -0.00201253679],
    })
  })
})

describe('weightedSum', () => {
  it('adds terms by their weights', async () => {
    const write = ({build, logits, target}: Parts): Value => {
      const loss = meanSquaredError(build, logits, target)
      return weightedSum(build, [
        {loss, weight: 0.25},
        {loss, weight: 0.75},
        {loss: cosineLoss(build, logits, target), weight: 0},
      ])
    }
    await expectLoss(write, {
      loss: 1508.20833,
      gradient: [0.333333333, -0.333333333, 0.833333333, 31.6666667, -1.33333333, 0],
    })
  })
})

interface Parts {
  readonly build: TypedBuilder
  readonly logits: Value
  readonly labels: Value
  readonly target: Value
}

/** Runs a loss and its gradient with sizes that are known, and with a free batch. */
async function expectLoss(
  write: (parts: Parts) => Value,
  expected: {readonly loss: number; readonly gradient: readonly number[]},
): Promise<void> {
  for (const rows of [2, 'N']) {
    const graph = new Graph()
    const model = emptyModel(graph)
    const specOf = (node: Node) => lookup(node, opsetOf(node, model))
    const build = new TypedBuilder(graph, specOf)
    const logits = build.input('logits', [rows, 3])
    const parts = {build, logits, labels: build.constant(int64(LABELS)), target: build.floats(TEACHER, [2, 3])}
    const loss = write(parts)
    const gradient = backward(graph, {loss, wrt: [logits]}, {specOf}).get(logits) as Value
    build.output(loss)
    build.output(gradient)
    const results = await runGraph(model, {logits: new Tensor('float32', Float32Array.from(STUDENT), [2, 3])})
    expect(results[loss.name]?.dims).to.deep.equal([])
    expectClose(results[loss.name]?.data, [expected.loss])
    expectClose(results[gradient.name]?.data, expected.gradient)
  }
}

function expectClose(actual: ArrayLike<unknown> | undefined, expected: readonly number[]): void {
  expect(actual?.length).to.equal(expected.length)
  expected.forEach((value, index) => {
    expect(actual?.[index], `element ${index}`).to.be.closeTo(value, 1e-6 + Math.abs(value) * 1e-6)
  })
}
