import {type GradientCase, moving, weight} from '../support/gradient-trial.js'

const [STEPS, BATCH, INPUTS, HIDDEN] = [4, 2, 3, 2]
const small = (...shape: number[]) => ({...weight(...shape), low: -0.8, high: 0.8})

/** X, W, R, then bias and first states where wanted. */
function layer(
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

const bare = (one: GradientCase): GradientCase => ({...one, inputs: one.inputs.slice(0, 3)})
const directions = (gates: number, outputs: number, more?: NonNullable<GradientCase['attributes']>) => [
  ...['forward', 'reverse', 'bidirectional'].map((direction) => layer(gates, outputs, direction, more)),
  bare(layer(gates, outputs, 'bidirectional', more)),
]

export const RECURRENT_CASES: Readonly<Record<string, readonly GradientCase[]>> = {
  LSTM: directions(4, 3),
  GRU: [...directions(3, 2), ...directions(3, 2, {linear_before_reset: 1})],
  RNN: directions(1, 2),
}
