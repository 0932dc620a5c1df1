import * as file from '../../../src/ops/elementwise/compare.js'
import {f, type OpCase} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {BEFORE_7, pair} from '../../support/operators/shape-cases.js'

const legacyComparison: readonly OpCase[] = [
  {inputs: [f(2, 3), f(2, 3)], stated: {because: BEFORE_7, types: [['bool', [2, 3]]]}},
]

describeOperators(file, {
  shapes: {
    'Equal 1': legacyComparison,
    'Greater 1': legacyComparison,
    'Less 1': legacyComparison,
    'Equal 7': pair,
    'Greater 7': pair,
    'GreaterOrEqual 12': pair,
    'Less 7': pair,
    'LessOrEqual 12': pair,
  },
})
