import {floats, one, ones} from '../ops/cases/case.js'
import type {GradientCase} from '../support/gradient-trial.js'
import {moving, weight, within} from '../support/gradient-trial.js'

const pair: readonly GradientCase[] = [
  {inputs: [moving(2, 1, 4), moving(3, 1)]},
  {inputs: [moving(2, 3), moving()]},
  {inputs: [moving(2, 3), moving(2, 3)]},
]
const awayFromZero: readonly GradientCase[] = [{inputs: [moving(2, 1, 4), within(0.5, 2, 3, 1)]}]
const several: readonly GradientCase[] = [
  {inputs: [moving(2, 1, 4), moving(3, 1), moving(1)]},
  {inputs: [moving(2, 3)]},
]
const one0 = (low: number, high: number): readonly GradientCase[] => [{inputs: [within(low, high, 3, 5)]}]
const attributes = (...sets: NonNullable<GradientCase['attributes']>[]): readonly GradientCase[] =>
  sets.map((set) => ({inputs: [moving(4, 5)], attributes: set}))
const real = (value: number) => ({type: 'float', value}) as const

/** By operator, or by operator and the `sinceOpset` of its record. */
export const ELEMENTWISE_CASES: Readonly<Record<string, readonly GradientCase[]>> = {
  Add: pair,
  Sub: pair,
  Mul: pair,
  Div: awayFromZero,
  Pow: [
    {inputs: [within(0.5, 2, 2, 1, 4), within(-2, 3, 3, 1)]},
    {inputs: [moving(3, 4), one(2)]},
    {inputs: [moving(3, 4), one(3, 'int64')]},
    {inputs: [within(0.5, 2, 3), floats(0, 1, 0.5)]},
  ],
  Min: several,
  Max: several,
  Sum: several,
  Mean: several,
  Where: [{inputs: [ones('bool', 3, 1), moving(2, 1, 4), moving(1)]}],
  Cast: [
    {inputs: [moving(2, 3)], attributes: {to: 11}},
    {inputs: [moving(2, 3)], attributes: {to: 1}},
  ],
  CastLike: [{inputs: [moving(2, 3), one(1)]}],
  Acos: one0(-0.8, 0.8),
  Asin: one0(-0.8, 0.8),
  Atanh: one0(-0.8, 0.8),
  Acosh: one0(1.2, 3),
  Log: one0(0.5, 3),
  Sqrt: one0(0.5, 3),
  Reciprocal: one0(0.5, 3),
  Tan: one0(-1, 1),
  HardSwish: one0(-5, 5),
  HardSigmoid: [...one0(-5, 5), {inputs: [within(-5, 5, 15)], attributes: {alpha: real(0.3), beta: real(0.4)}}],
  Celu: attributes({}, {alpha: real(2)}),
  Elu: attributes({}, {alpha: real(0.5)}),
  Selu: attributes({}, {alpha: real(1.5), gamma: real(1.2)}),
  LeakyRelu: attributes({}, {alpha: real(0.2)}),
  ThresholdedRelu: attributes({alpha: real(0.31)}),
  Shrink: [{inputs: [moving(4, 5)], attributes: {lambd: real(0.31), bias: real(0.1)}, single: true}],
  Swish: attributes({}, {alpha: real(1.5)}),
  'Gelu 20': attributes({}, {approximate: 'tanh'}),
  Clip: [
    {inputs: [moving(3, 4), one(-0.7), one(0.9)]},
    {inputs: [moving(3, 4), undefined, one(0.9)]},
    {inputs: [moving(3, 4)]},
  ],
  PRelu: [{inputs: [moving(2, 3, 4), moving(3, 1)]}, {inputs: [moving(2, 3), moving(1)]}],
  Softmax: attributes({}, {axis: 0}),
  LogSoftmax: attributes({}, {axis: 0}),
  Dropout: [
    {inputs: [moving(3, 4)]},
    {inputs: [moving(3, 4), one(0.4), one(0, 'bool')]},
    {inputs: [moving(3, 4), one(0), one(1, 'bool')], outputs: 2},
  ],
  QuickGelu: attributes({}, {alpha: real(1)}),
  FastGelu: [{inputs: [moving(2, 3)]}, {inputs: [moving(2, 3), moving(3)]}],
  BiasGelu: [{inputs: [moving(2, 3), weight(3)]}],
}
