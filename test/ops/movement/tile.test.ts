import * as file from '../../../src/ops/movement/tile.js'
import {f, ints} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {moving} from '../../support/operators/gradient-trial.js'

describeOperators(file, {
  shapes: {
    'Tile 6': [{inputs: [f(2, 3), ints(2, 1)]}],
  },
  gradients: {
    Tile: [{inputs: [moving(2, 3), ints(2, 3)]}],
  },
})
