import {floats, ints} from '../ops/cases/case.js'
import {type GradientCase, moving, weight, within} from '../support/gradient-trial.js'

const byAttribute: readonly GradientCase[] = [
  {inputs: [moving(2, 3, 4)]},
  {inputs: [moving(2, 3, 4)], attributes: {axes: [-1, 0], keepdims: 0}},
  {inputs: [moving(2, 3, 4)], attributes: {axes: [1]}},
]
const byInput: readonly GradientCase[] = [
  {inputs: [moving(2, 3, 4)]},
  {inputs: [moving(2, 3, 4)], attributes: {keepdims: 0}},
  {inputs: [moving(2, 3, 4), ints(-1, 0)], attributes: {keepdims: 0}},
  {inputs: [moving(2, 3, 4), ints(1)]},
  {inputs: [moving(2, 3)], attributes: {noop_with_empty_axes: 1, keepdims: 0}},
]
const positive = (cases: readonly GradientCase[]): readonly GradientCase[] =>
  cases.map((one) => ({...one, inputs: [within(0.5, 2, 2, 3, 4), ...one.inputs.slice(1)]}))

export const REDUCTION_CASES: Readonly<Record<string, readonly GradientCase[]>> = {
  ...Object.fromEntries(
    ['Sum', 'Mean', 'Max', 'Min', 'L1', 'L2', 'LogSumExp', 'SumSquare'].flatMap((name) => [
      [`Reduce${name} 1`, byAttribute],
      [`Reduce${name} ${name === 'Sum' ? 13 : 18}`, byInput],
    ]),
  ),
  'ReduceLogSum 1': positive(byAttribute),
  'ReduceLogSum 18': positive(byInput),
  MatMul: [
    {inputs: [moving(2, 1, 3, 4), moving(5, 4, 6)]},
    {inputs: [moving(3, 4), moving(4, 2)]},
    {inputs: [moving(2, 5, 3, 4), weight(4, 2)]},
    {inputs: [moving(3, 4), moving(2, 4, 2)]},
    {inputs: [moving(4), moving(4, 6)]},
    {inputs: [moving(2, 3, 4), moving(4)]},
    {inputs: [moving(4), moving(4)]},
    {inputs: [moving(4), moving(2, 4, 3)]},
  ],
  Gemm: [
    {inputs: [moving(2, 3), moving(3, 4), moving(4)]},
    {inputs: [moving(3, 2), moving(4, 3), moving(2, 1)], attributes: {transA: 1, transB: 1}},
    {
      inputs: [moving(2, 3), weight(4, 3), weight(4)],
      attributes: {transB: 1, alpha: {type: 'float', value: 0.5}, beta: {type: 'float', value: 2}},
    },
    {inputs: [moving(3, 2), moving(3, 4), moving()], attributes: {transA: 1}},
    {inputs: [moving(2, 3), floats(...Array(12).keys())].map((input, at) => (at ? weight(3, 4) : input))},
  ],
  Einsum: [
    {inputs: [moving(2, 3, 4), moving(2, 4, 5)], attributes: {equation: 'bij, bjk -> bik'}},
    {inputs: [moving(3, 4)], attributes: {equation: 'ij->'}},
    {inputs: [moving(3, 4)], attributes: {equation: 'ij->ji'}},
    {inputs: [moving(3, 4), moving(4, 2), moving(2)], attributes: {equation: 'ij,jk,k->ik'}},
    {inputs: [moving(2, 3, 4), moving(4)], attributes: {equation: 'bij,j->b'}},
    {inputs: [moving(1, 3, 4), moving(5, 4, 6)], attributes: {equation: '...ij,...jk->...ik'}},
  ],
}
