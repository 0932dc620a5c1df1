import type {OpSpec} from '../op-spec.js'
import {integerOperator} from '../qdq/integer.js'
import {sameAsFirst} from '../slots.js'
import {tieFirst} from '../ties.js'
import {inMicrosoftDomain} from './contrib.js'

/** Elementwise operators on x, its scale and zero point, y's two: type and shape of x. */
const TYPES = ['QLinearLeakyRelu', 'QLinearSigmoid'] as const

export const qlinearUnary: readonly OpSpec[] = TYPES.map((type) =>
  inMicrosoftDomain(integerOperator({type, infer: sameAsFirst, prune: tieFirst})),
)
export const qlinearSoftmax = inMicrosoftDomain(
  integerOperator({type: 'QLinearSoftmax', infer: sameAsFirst, prune: tieFirst}),
)
