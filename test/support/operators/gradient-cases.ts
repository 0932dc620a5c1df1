import {type GradientCase, moving, weight, within} from './gradient-trial.js'

export const floatInput = moving(2, 3, 4)

export const movingPair: readonly GradientCase[] = [
  {inputs: [moving(2, 1, 4), moving(3, 1)]},
  {inputs: [moving(2, 3), moving()]},
  {inputs: [moving(2, 3), moving(2, 3)]},
]

export const between = (low: number, high: number): readonly GradientCase[] => [{inputs: [within(low, high, 3, 5)]}]

export const withAttributes = (...sets: NonNullable<GradientCase['attributes']>[]): readonly GradientCase[] =>
  sets.map((set) => ({inputs: [moving(4, 5)], attributes: set}))

export const convolution = (
  x: readonly number[],
  w: readonly number[],
  attributes: NonNullable<GradientCase['attributes']> = {},
  bias?: number,
): GradientCase => ({inputs: [moving(...x), weight(...w), bias ? weight(bias) : undefined].filter(Boolean), attributes})

export const pooled = (x: readonly number[], attributes: NonNullable<GradientCase['attributes']>): GradientCase => ({
  inputs: [moving(...x)],
  attributes,
})

export const known = (one: GradientCase): GradientCase => ({...one, sizes: 'numbers'})

export const [STEPS, BATCH, INPUTS, HIDDEN] = [4, 2, 3, 2]

export const small = (...shape: number[]) => ({...weight(...shape), low: -0.8, high: 0.8})

/** X, W, R, then bias and first states where wanted. */
export function layer(
  gates: number,
  outputs: number,
  direction: string,
  more: NonNullable<GradientCase['attributes']> = {},
): GradientCase {
  const directions = direction === 'bidirectional' ? 2 : 1
  const rows = gates * HIDDEN
  const first = moving(directions, BATCH, HIDDEN)
  return {
    inputs: [
      moving(STEPS, BATCH, INPUTS),
      small(directions, rows, INPUTS),
      small(directions, rows, HIDDEN),
      small(directions, 2 * rows),
      undefined,
      first,
      ...(gates === 4 ? [first] : []),
    ],
    attributes: {hidden_size: HIDDEN, direction, ...more},
    outputs,
  }
}

export const bare = (one: GradientCase): GradientCase => ({...one, inputs: one.inputs.slice(0, 3)})

export const inDirections = (gates: number, outputs: number, more?: NonNullable<GradientCase['attributes']>) => [
  ...['forward', 'reverse', 'bidirectional'].map((direction) => layer(gates, outputs, direction, more)),
  bare(layer(gates, outputs, 'bidirectional', more)),
]
