import * as file from '../../../src/ops/text/tf-idf-vectorizer.js'
import {indices} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

const tfIdf = {
  mode: 'TF',
  min_gram_length: 1,
  max_gram_length: 1,
  max_skip_count: 0,
  ngram_counts: [0],
  ngram_indexes: [0, 3, 1],
  pool_int64s: [2, 3, 5],
}

describeOperators(file, {
  shapes: {
    'TfIdfVectorizer 9': [
      {inputs: [indices(6, 4)], attributes: tfIdf},
      {inputs: [indices(6, 2, 4)], attributes: tfIdf},
    ],
  },
})
