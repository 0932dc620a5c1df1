import {gates, previousOf, project, scan} from './direction.js'
import {type Cell, recurrentGradient, sigmoidSlope, tanhSlope} from './recurrent-gradient.js'

/** c' = f·c + i·g and h = o·tanh c', with gates in ONNX's order i, o, f, g. */
const lstmCell: Cell = (build, direction) => {
  const {x, w, r, biases, previous, hidden, isReverse, firstCell} = direction
  const sum = build.add(project(build, x, w, biases), project(build, previous, r, []))
  const [zi, zo, zf, zg] = gates(build, sum, 4, hidden, 2)
  const [i, o, f] = [zi, zo, zf].map((z) => build.op('Sigmoid', [z]))
  const g = build.op('Tanh', [zg])
  if (!i || !o || !f) throw new Error('Split gave no gates')
  const [, cells] = scan(build, {
    isBackward: isReverse,
    states: [firstCell],
    scanned: [f, build.mul(i, g)],
    step: (body, [cell], [keep, added]) => {
      const next = body.op('Add', [body.op('Mul', [cell, keep]), added])
      return [next, next]
    },
  })
  if (!cells) throw new Error('Scan collected no cells')
  const before = previousOf(build, cells, firstCell, isReverse)
  const t = build.op('Tanh', [cells])
  // what the gradients of state and cell are multiplied by, for all steps at once
  const toCell = build.mul(o, tanhSlope(build, t))
  const slopes = [
    build.mul(g, sigmoidSlope(build, i)),
    build.mul(t, sigmoidSlope(build, o)),
    build.mul(before, sigmoidSlope(build, f)),
    build.mul(i, tanhSlope(build, g)),
  ]
  const [dFirst, dFirstCell, rows] = scan(build, {
    isBackward: !isReverse,
    states: [direction.dLast, direction.dLastCell],
    scanned: [direction.dStates, toCell, f, build.op('Concat', slopes, {axis: 2})],
    step: (body, [dH, dC], [dY, through, keep, slope]) => {
      const state = body.op('Add', [dY, dH])
      const cell = body.op('Add', [dC, body.op('Mul', [state, through])])
      const row = body.op('Mul', [body.op('Concat', [cell, state, cell, cell], {axis: 1}), slope])
      return [body.op('MatMul', [row, r]), body.op('Mul', [cell, keep]), row]
    },
  })
  if (!dFirst || !dFirstCell || !rows) throw new Error('Scan gave no gradients')
  return {inputRows: rows, stateRows: rows, dFirst, dFirstCell}
}

export const lstmGradient = recurrentGradient(lstmCell, ['Sigmoid', 'Tanh', 'Tanh'])
