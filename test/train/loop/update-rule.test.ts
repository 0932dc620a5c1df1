import {expect} from 'chai'
import type {OptimizerSpec} from '../../../src/train/loop/optimizer-spec.js'
import {type Arithmetic, updateRule} from '../../../src/train/loop/update-rule.js'

const NUMBERS: Arithmetic<number> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  squareRoot: Math.sqrt,
}

/** The weight after updates by the gradients, from 1 on, at rate 0.1. */
function follow(spec: OptimizerSpec, gradients: readonly number[], {decays = true, gradientScale = 1} = {}): number {
  const rule = updateRule(spec)
  let [weight, moments]: [number, readonly number[]] = [1, new Array<number>(rule.slots).fill(0)]
  gradients.forEach((gradient, index) => {
    const numbers = rule.numbersAt({learningRate: 0.1, step: index + 1, gradientScale, decays})
    ;({weight, moments} = rule.next(NUMBERS, {weight, gradient, moments}, numbers))
    expect(moments).to.have.length(rule.slots)
  })
  return weight
}

describe('updateRule', () => {
  it('remembers as much as its optimizer needs', () => {
    const slots = [{kind: 'sgd'}, {kind: 'sgd', momentum: 0.9}, {kind: 'adam'}, {kind: 'adamw'}] as const
    expect(slots.map((spec) => updateRule(spec).slots)).to.deep.equal([0, 1, 2, 2])
  })

  it('of plain descent takes the scaled gradient and the decay away', () => {
    expect(follow({kind: 'sgd'}, [2, -1])).to.be.closeTo(1 - 0.2 + 0.1, 1e-15)
    expect(follow({kind: 'sgd'}, [2], {gradientScale: 0.25})).to.be.closeTo(0.95, 1e-15)
    expect(follow({kind: 'sgd', weightDecay: 0.5}, [0])).to.be.closeTo(0.95, 1e-15)
    expect(follow({kind: 'sgd', weightDecay: 0.5}, [0], {decays: false})).to.equal(1)
  })

  it('of momentum goes on by itself, and of Nesterov looks ahead', () => {
    expect(follow({kind: 'sgd', momentum: 0.5}, [1, 0, 0])).to.be.closeTo(1 - 0.1 * (1 + 0.5 + 0.25), 1e-15)
    expect(follow({kind: 'sgd', momentum: 0.5, nesterov: true}, [1, 0])).to.be.closeTo(1 - 0.1 * (1.5 + 0.25), 1e-15)
  })

  it('of Adam takes a first step of the rate, whatever the size of the gradient', () => {
    for (const gradient of [1e-3, 1, 1e4]) expect(follow({kind: 'adam'}, [gradient])).to.be.closeTo(0.9, 1e-5)
    expect(follow({kind: 'adam'}, [-5])).to.be.closeTo(1.1, 1e-5)
    expect(follow({kind: 'adam'}, [0, 0])).to.equal(1)
  })

  it("of AdamW shrinks the weight beside the step, by PyTorch's default where none is said", () => {
    expect(follow({kind: 'adamw'}, [0])).to.be.closeTo(1 - 0.1 * 0.01, 1e-15)
    expect(follow({kind: 'adamw', weightDecay: 0.2}, [0, 0])).to.be.closeTo(0.98 ** 2, 1e-15)
    expect(follow({kind: 'adamw', weightDecay: 0.2}, [0], {decays: false})).to.equal(1)
  })
})
