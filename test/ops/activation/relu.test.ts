import * as file from '../../../src/ops/activation/relu.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file)
