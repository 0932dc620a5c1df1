import type {Pass} from '../pass.js'
import {foldAffine} from './fold-into-weights.js'
import {nodeRule} from './node-rule.js'

/** Folds BatchNormalization (inference mode) into the Conv, ConvTranspose, Gemm or MatMul in front of it. */
export const foldBatchNormalization: Pass = nodeRule({
  name: 'fold-batch-normalization',
  types: ['BatchNormalization'],
  attempt: foldAffine,
})
