import type {Value} from '../../ir/value.js'
import {scan} from './direction.js'
import {type Cell, givenRuns, type Run, recurrentGradient, tanhSlope} from './recurrent-gradient.js'

/** h' = tanh(x·Wᵀ + h·Rᵀ + b). */
const rnnCell: Cell<Run> = {
  run: givenRuns,
  gradient(build, {r, dStates, dLast, isReverse}, {states}) {
    const [dFirst, rows] = scan(build, {
      isBackward: !isReverse,
      states: [dLast],
      scanned: [dStates, tanhSlope(build, states)],
      step: (body, [dH], [dY, slope]) => {
        const row = body.op('Mul', [body.op('Add', [dY, dH]), slope])
        return [body.op('MatMul', [row, r]), row]
      },
    }) as [Value, Value]
    return {inputRows: rows, stateRows: rows, dFirst}
  },
}

export const rnnGradient = recurrentGradient(rnnCell, ['Tanh'])
