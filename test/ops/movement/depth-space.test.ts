import * as file from '../../../src/ops/movement/depth-space.js'
import {f} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {moving} from '../../support/operators/gradient-trial.js'

describeOperators(file, {
  shapes: {
    'DepthToSpace 1': [{inputs: [f(1, 8, 2, 3)], attributes: {blocksize: 2}}],
    'SpaceToDepth 1': [{inputs: [f(1, 2, 4, 6)], attributes: {blocksize: 2}}],
  },
  gradients: {
    DepthToSpace: [
      {inputs: [moving(2, 8, 2, 3)], attributes: {blocksize: 2}},
      {inputs: [moving(1, 8, 2, 3)], attributes: {blocksize: 2, mode: 'CRD'}},
    ],
    SpaceToDepth: [{inputs: [moving(2, 2, 4, 6)], attributes: {blocksize: 2}}],
  },
})
