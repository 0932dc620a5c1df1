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

const REFERENCES: readonly [call: string, spec: OptimizerSpec, after: readonly number[]][] = [
  ['SGD', {kind: 'sgd'}, [1.00999999, -2.03500009, 0.299999982]],
  ['SGD(weight_decay=.05)', {kind: 'sgd', weightDecay: 0.05}, [0.994924724, -2.00522423, 0.296029925]],
  [
    'SGD(momentum=.9, weight_decay=.05)',
    {kind: 'sgd', momentum: 0.9, weightDecay: 0.05},
    [1.00990963, -1.96769428, -0.310772598],
  ],
  [
    'SGD(momentum=.9, nesterov=True)',
    {kind: 'sgd', momentum: 0.9, nesterov: true},
    [1.04411006, -2.05596995, -0.422699988],
  ],
  ['Adam', {kind: 'adam'}, [0.967288852, -1.9691453, 0.290171087]],
  ['Adam(weight_decay=.05)', {kind: 'adam', weightDecay: 0.05}, [0.943283081, -1.8912493, 0.289187491]],
  ['AdamW', {kind: 'adamw'}, [0.964432001, -1.96333504, 0.288959593]],
  [
    'AdamW(betas=(.8, .95), eps=1e-3, weight_decay=.2)',
    {kind: 'adamw', betas: [0.8, 0.95], epsilon: 1e-3, weightDecay: 0.2},
    [0.912897944, -1.86786699, 0.277201623],
  ],
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

describe('createOptimizer', () => {
  for (const [call, spec, after] of REFERENCES) {
    it(`goes where PyTorch's ${call} goes`, () => {
      expectClose(train(spec), after)
    })
  }

  it('keeps decay away from what does not decay', () => {
    const plain = train({kind: 'sgd', momentum: 0.9})
    expectClose(train({kind: 'sgd', momentum: 0.9, weightDecay: 0.5}, {decays: false}), [...plain])
    expectClose(train({kind: 'adamw', weightDecay: 0.5}, {decays: false}), [...train({kind: 'adamw', weightDecay: 0})])
  })

  it('gives every parameter moments of its own, zeros at first', () => {
    const {moments} = createOptimizer({kind: 'adam'}, [tensor(2), tensor(3)])
    expect(moments.map((slots) => slots.map((slot) => [...slot]))).to.deep.equal([
      [
        [0, 0],
        [0, 0],
      ],
      [
        [0, 0, 0],
        [0, 0, 0],
      ],
    ])
    expect(createOptimizer({kind: 'sgd'}, [tensor(2)]).moments).to.deep.equal([[]])
  })
})
