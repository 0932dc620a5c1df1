import {tensorOf} from '../../../src/ir/tensor.js'
import * as file from '../../../src/ops/text/strings.js'
import type {CaseInput} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

const words = (...texts: string[]): CaseInput => tensorOf('string', [texts.length], texts)

describeOperators(file, {
  shapes: {
    'RegexFullMatch 20': [{inputs: [words('a', 'bb')], attributes: {pattern: 'a+'}}],
    'StringConcat 20': [{inputs: [tensorOf('string', [2, 1], ['a', 'b']), words('x', 'y', 'z')]}],
    'StringNormalizer 10': [
      {inputs: [words('a', 'b', 'c')]},
      {inputs: [words('a', 'b', 'c')], attributes: {stopwords: ['b'], is_case_sensitive: 1}},
    ],
    'StringSplit 20': [{inputs: [words('a b', 'c')], outputs: 2}],
  },
})
