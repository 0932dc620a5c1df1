import {expect} from 'chai'
import {clippingScale, globalNorm} from '../../../src/train/loop/clip-gradients.js'
import {createOptimizer, type OptimizerSpec, type TrainedTensor} from '../../../src/train/loop/optimizers.js'

/*
 * Where three steps lead in PyTorch 1.13, from torch.tensor([1, -2, 0.5]) at lr=0.1:
 *   for g in GRADIENTS: w.grad = torch.tensor(g); optimizer.step()
 * with the optimizer named in front of each row.
 */

const START = [1, -2, 0.5]

const GRADIENTS = [
  [0.1, -0.2, 3],
  [-0.5, 0.25, 1],
  [0.3, 0.3, -2],
]

function tensor(length: number, decays = true): TrainedTensor {
  return {length, decays}
}

function train(spec: OptimizerSpec, {decays = true, clip}: {decays?: boolean; clip?: number} = {}): Float32Array {
  // a neighbour of its own length: what one loop touches beyond its end must not move another's weights
  const optimizer = createOptimizer(spec, [tensor(START.length, decays), tensor(5)])
  const [weight, other] = optimizer.weights as [Float32Array, Float32Array]
  const gradient = optimizer.gradients[0] as Float32Array
  weight.set(START)
  GRADIENTS.forEach((values, index) => {
    gradient.set(values)
    const gradientScale = clip === undefined ? 1 : clippingScale(globalNorm([gradient]), clip)
    optimizer.update({learningRate: 0.1, step: index + 1, gradientScale})
  })
  expect([...other]).to.deep.equal([0, 0, 0, 0, 0])
  return weight
}

function expectClose(actual: Float32Array, expected: readonly number[]): void {
  expected.forEach((value, index) => {
    expect(actual[index]).to.be.closeTo(value, 5e-7)
  })
}

describe('clippingScale', () => {
  it("goes where PyTorch's clip_grad_norm_(w, 1) and SGD go", () => {
    expectClose(train({kind: 'sgd'}, {clip: 1}), [1.02564597, -2.02984715, 0.410812736])
  })

  it('brings long gradients to the limit, and leaves short ones as they are', () => {
    expect(clippingScale(5, 6)).to.equal(1)
    expect(clippingScale(5, 1)).to.be.closeTo(0.2, 1e-6)
  })
})

describe('globalNorm', () => {
  it('measures all gradients together', () => {
    expect(globalNorm([Float32Array.of(3), Float32Array.of(0, 4)])).to.equal(5)
    expect(globalNorm([Float32Array.from({length: 1003}, () => 2)])).to.be.closeTo(2 * Math.sqrt(1003), 1e-9)
    expect(globalNorm([Float32Array.of(1, Number.NaN)])).to.be.NaN
  })
})
